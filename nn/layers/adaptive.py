"""Adaptive pooling: the largest, or the mean, of each of so many regions, whatever the size of the input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...autograd.sliding.options import each, plain
from ...autograd.tensor import Tensor
from .. import functional as F
from ..module import Module

__all__ = [
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
]  # fmt: skip

Size = int | Sequence[int | None] | None


class _AdaptivePool(Module):
    _axes: int
    _operation: Callable[..., Any]

    def __init__(self, output_size: Size) -> None:
        self.output_size = output_size
        name = type(self).__name__
        known = 1 if output_size is None else output_size
        if isinstance(known, Sequence):
            known = [1 if size is None else size for size in known]
        each(name, "output_size", plain(name, "output_size", known), self._axes, 1)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class _AdaptiveAvgPool(_AdaptivePool):
    def forward(self, x: Tensor) -> Tensor:
        return self._operation(x, self.output_size)  # type: ignore[no-any-return]


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """`AdaptiveAvgPool2d` along one axis: (N, C, L) -> (N, C, output_size)."""

    _axes = 1
    _operation = staticmethod(F.adaptive_avg_pool1d)


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """The mean of each of so many regions: (N, C, H, W) -> (N, C, *output_size), see `F.adaptive_avg_pool2d`.

    Args:
        output_size: regions along each axis; an int for all, None for as many as the input has positions.

    Raises:
        ValueError: fewer than one region, or another number of entries than of axes.
        TypeError: an entry that is no int.
    """

    _axes = 2
    _operation = staticmethod(F.adaptive_avg_pool2d)


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """`AdaptiveAvgPool2d` along three axes: (N, C, D, H, W) -> (N, C, *output_size)."""

    _axes = 3
    _operation = staticmethod(F.adaptive_avg_pool3d)


class _AdaptiveMaxPool(_AdaptivePool):
    def __init__(self, output_size: Size, return_indices: bool = False) -> None:
        super().__init__(output_size)
        self.return_indices = return_indices

    def forward(self, x: Tensor) -> Any:
        return self._operation(x, self.output_size, return_indices=self.return_indices)


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """`AdaptiveMaxPool2d` along one axis: (N, C, L) -> (N, C, output_size)."""

    _axes = 1
    _operation = staticmethod(F.adaptive_max_pool1d)


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """The largest of each of so many regions: (N, C, H, W) -> (N, C, *output_size), see `F.adaptive_max_pool2d`.

    Args:
        output_size: as in `AdaptiveAvgPool2d`.
        return_indices: as in `MaxPool2d`.

    Raises: as `AdaptiveAvgPool2d`.
    """

    _axes = 2
    _operation = staticmethod(F.adaptive_max_pool2d)


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """`AdaptiveMaxPool2d` along three axes: (N, C, D, H, W) -> (N, C, *output_size)."""

    _axes = 3
    _operation = staticmethod(F.adaptive_max_pool3d)
