"""Linear layers."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import DTypeLike

from ...autograd.tensor import Tensor
from .. import functional as F, init
from ..module import Module
from ..parameters import Parameter
from ..random import generator

__all__ = ["Linear"]


class Linear(Module):
    """x weightᵀ + bias: (..., in_features) -> (..., out_features), with weight (out_features, in_features).

    Weights and biases start uniform in ±1/√in_features, as in PyTorch.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        dtype: DTypeLike = np.float32,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        for name, size in (("in_features", in_features), ("out_features", out_features)):
            if size < 1:
                raise ValueError(f"Linear: {name} must be at least 1, got {size}")
        self.in_features = in_features
        self.out_features = out_features
        # in memory (in, out): as kernels want it, and as its gradient comes out, so that an update is one pass
        weight = np.zeros((out_features, in_features), dtype, order="F")
        self.weight = Parameter(weight, dtype=dtype)
        self.bias = Parameter(np.zeros(out_features), dtype=dtype) if bias else None
        self.initialize(rng or generator())

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw weight and bias."""
        bound = 1 / math.sqrt(self.in_features)
        for parameter in self.parameters(recurse=False):
            init.uniform_(parameter, -bound, bound, rng=rng)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"
