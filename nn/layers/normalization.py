"""Layers that normalise each sample; see `functional/normalization.py` for the formulas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from ...autograd.errors import ShapeError
from ...autograd.tensor import Tensor
from .. import functional as F, init
from ..module import Module
from ..parameters import Parameter

__all__ = ["GroupNorm", "LayerNorm", "RMSNorm"]


class Affine(Module):
    """A factor that starts at 1 and an offset that starts at 0; None where the layer does without."""

    weight: Parameter | None
    bias: Parameter | None

    def _start(self, shape: tuple[int, ...], weight: bool, bias: bool, dtype: DTypeLike) -> None:
        self.weight = Parameter(np.ones(shape), dtype=dtype) if weight else None
        self.bias = Parameter(np.zeros(shape), dtype=dtype) if weight and bias else None

    def initialize(self, rng: np.random.Generator) -> None:
        """Factors and offsets as after construction; nothing is drawn."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)


class GroupNorm(Affine):
    """Groups of channels of each sample of (N, C, ...) made to have mean 0 and variance 1, then weight and bias (C,).

    Raises:
        ValueError: a size below 1, or channels that do not make so many groups.
        ShapeError: when called, on another number of channels.
    """

    def __init__(
        self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True,
        dtype: DTypeLike = np.float32, *, bias: bool = True,
    ) -> None:  # fmt: skip
        if num_groups < 1 or num_channels < 1 or num_channels % num_groups:
            raise ValueError(f"GroupNorm: {num_channels} channels do not make {num_groups} groups")
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        self._start((num_channels,), affine, bias, dtype)

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim < 2 or x.shape[1] != self.num_channels:
            raise ShapeError(f"GroupNorm: expected (N, {self.num_channels}, ...), got {x.shape}")
        return F.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


class LayerNorm(Affine):
    """The last axes of each sample made to have mean 0 and variance 1, then weight and bias of normalized_shape.

    Raises:
        ValueError: a size below 1.
        ShapeError: when called, on an input that does not end in normalized_shape.
    """

    def __init__(
        self, normalized_shape: int | Sequence[int], eps: float = 1e-5, elementwise_affine: bool = True,
        bias: bool = True, dtype: DTypeLike = np.float32,
    ) -> None:  # fmt: skip
        self.normalized_shape = _shape("LayerNorm", normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self._start(self.normalized_shape, elementwise_affine, bias, dtype)

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )


class RMSNorm(Affine):
    """The last axes of each sample made to have a mean square of 1, then times a weight of normalized_shape.

    eps is that of the dtype unless it is given. Errors as in `LayerNorm`.
    """

    def __init__(
        self, normalized_shape: int | Sequence[int], eps: float | None = None, elementwise_affine: bool = True,
        dtype: DTypeLike = np.float32,
    ) -> None:  # fmt: skip
        self.normalized_shape = _shape("RMSNorm", normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self._start(self.normalized_shape, elementwise_affine, False, dtype)

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


def _shape(name: str, normalized_shape: int | Sequence[int]) -> tuple[int, ...]:
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if not shape or min(shape) < 1:
        raise ValueError(f"{name}: normalized_shape must be sizes of at least 1, got {normalized_shape}")
    return shape
