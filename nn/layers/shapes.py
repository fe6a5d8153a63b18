"""Layers that change only the shape, or nothing."""

from __future__ import annotations

import math

from numpy.lib.array_utils import normalize_axis_index

from ...autograd.errors import ShapeError
from ...autograd.tensor import Tensor
from ..module import Module

__all__ = ["Flatten", "Identity"]


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


class Identity(Module):
    """x itself."""

    def forward(self, x: Tensor) -> Tensor:
        return x
