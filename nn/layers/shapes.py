"""Layers that change only the shape, or nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from numpy.lib.array_utils import normalize_axis_index

from ...autograd.errors import ShapeError
from ...autograd.tensor import Tensor
from ..module import Module

__all__ = ["Flatten", "Identity", "Unflatten"]


class Flatten(Module):
    """Axes start_dim to end_dim made one: (N, C, H, W) -> (N, C·H·W).

    Raises:
        AxisError: the input lacks one of the two axes.
        ShapeError: start_dim comes after end_dim.
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, x: Tensor) -> Tensor:
        start, end = (normalize_axis_index(axis, x.ndim, "Flatten") for axis in (self.start_dim, self.end_dim))
        if start > end:
            raise ShapeError(f"Flatten: of {x.shape}, start_dim={self.start_dim} comes after end_dim={self.end_dim}")
        return x.reshape(*x.shape[:start], math.prod(x.shape[start : end + 1]), *x.shape[end + 1 :])

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """One axis made several: with dim=1 and (C, H, W), (N, C·H·W) -> (N, C, H, W).

    Args:
        dim: the axis.
        unflattened_size: the new sizes, of which one may be -1 for what is left.

    Raises:
        AxisError: the input lacks the axis.
        ShapeError: the sizes do not multiply to that of the axis.
    """

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        self.dim = dim
        self.unflattened_size = tuple(unflattened_size)
        if sum(size == -1 for size in self.unflattened_size) > 1 or min(self.unflattened_size, default=0) < -1:
            raise ValueError(f"Unflatten: expected sizes, of which one may be -1, got {self.unflattened_size}")

    def forward(self, x: Tensor) -> Tensor:
        axis = normalize_axis_index(self.dim, x.ndim, "Unflatten")
        known = math.prod(size for size in self.unflattened_size if size != -1)
        left = x.shape[axis] // known if -1 in self.unflattened_size and known else 1
        sizes = tuple(left if size == -1 else size for size in self.unflattened_size)
        if math.prod(sizes) != x.shape[axis]:
            raise ShapeError(
                f"Unflatten: axis {self.dim} of {x.shape} has {x.shape[axis]} elements, which are not "
                f"{self.unflattened_size}"
            )
        return x.reshape(*x.shape[:axis], *sizes, *x.shape[axis + 1 :])

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"


class Identity(Module):
    """x itself."""

    def forward(self, x: Tensor) -> Tensor:
        return x
