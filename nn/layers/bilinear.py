"""The bilinear layer."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import DTypeLike

from ...autograd.tensor import Tensor
from .. import functional as F, init
from ..module import Module
from ..parameters import Parameter
from ..random import generator

__all__ = ["Bilinear"]


class Bilinear(Module):
    """x1ᵀ weightₖ x2 + biasₖ: (..., in1_features), (..., in2_features) -> (..., out_features).

    Weights and biases start uniform in ±1/√in1_features, as in PyTorch.

    Raises:
        ValueError: a size below 1.
        ShapeError: when called, on shapes that do not go together.
    """

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        dtype: DTypeLike = np.float32,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        sizes = {"in1_features": in1_features, "in2_features": in2_features, "out_features": out_features}
        for name, size in sizes.items():
            if size < 1:
                raise ValueError(f"Bilinear: {name} must be at least 1, got {size}")
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = Parameter(np.zeros((out_features, in1_features, in2_features)), dtype=dtype)
        self.bias = Parameter(np.zeros(out_features), dtype=dtype) if bias else None
        self.initialize(rng or generator())

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw weight and bias."""
        bound = 1 / math.sqrt(self.in1_features)
        for parameter in self.parameters(recurse=False):
            init.uniform_(parameter, -bound, bound, rng=rng)

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.bilinear(x1, x2, self.weight, self.bias)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )
