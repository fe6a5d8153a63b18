"""Pooling: the largest, the mean, or the norm, of each window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import index
from typing import Any

from ...autograd.sliding.options import Shape, each, plain
from ...autograd.tensor import Tensor
from .. import functional as F
from ..module import Module

__all__ = [
    "AvgPool1d", "AvgPool2d", "AvgPool3d", "LPPool1d", "LPPool2d", "LPPool3d", "MaxPool1d", "MaxPool2d", "MaxPool3d",
]  # fmt: skip

Size = int | Sequence[int]


class _Pool(Module):
    _axes: int
    _operation: Callable[..., Any]

    def __init__(self, kernel_size: Size, stride: Size | None, padding: Size, ceil_mode: bool) -> None:
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self._each("kernel_size", self.kernel_size, 1)
        self._each("stride", self.stride, 1)
        self._each("padding", self.padding, 0)

    def _each(self, option: str, value: Size, least: int) -> Shape:
        """An entry for each axis of space."""
        name = type(self).__name__
        return each(name, option, plain(name, option, value), self._axes, least)


class _MaxPool(_Pool):
    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        dilation: Size = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode)
        self._each("dilation", dilation, 1)
        self.dilation = dilation
        self.return_indices = return_indices

    def forward(self, x: Tensor) -> Any:
        options = self.kernel_size, self.stride, self.padding, self.dilation
        return self._operation(x, *options, ceil_mode=self.ceil_mode, return_indices=self.return_indices)

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, dilation={self.dilation}, "
            f"ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_MaxPool):
    """`MaxPool2d` along one axis: (N, C, L) -> (N, C, L')."""

    _axes = 1
    _operation = staticmethod(F.max_pool1d)


class MaxPool2d(_MaxPool):
    """The largest of each window: (N, C, H, W) -> (N, C, H', W'), see `F.max_pool2d`.

    Args:
        kernel_size: of the window; an int, or one for each axis. The same goes for `stride`, `padding`, `dilation`.
        stride: how far the window moves; None for its own size.
        padding: positions on each side that are never the largest.
        return_indices: whether to return (values, indices), the index of each in its flattened (H, W).
        ceil_mode: whether a last window that reaches over the end counts.

    Raises:
        ValueError: an option below its least, or another number of entries than of axes.
        TypeError: an option that is no int.
    """

    _axes = 2
    _operation = staticmethod(F.max_pool2d)


class MaxPool3d(_MaxPool):
    """`MaxPool2d` along three axes: (N, C, D, H, W) -> (N, C, D', H', W')."""

    _axes = 3
    _operation = staticmethod(F.max_pool3d)


class _AvgPool(_Pool):
    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode)
        if divisor_override is not None and index(divisor_override) < 1:
            raise ValueError(f"{type(self).__name__}: divisor_override must be at least 1, got {divisor_override}")
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, x: Tensor) -> Tensor:
        options = self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad
        return self._operation(x, *options, self.divisor_override)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool1d(_AvgPool):
    """`AvgPool2d` along one axis: (N, C, L) -> (N, C, L'). It takes no divisor_override."""

    _axes = 1
    _operation = staticmethod(F.avg_pool1d)

    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)
        self.kernel_size = self._each("kernel_size", self.kernel_size, 1)
        self.stride = self._each("stride", self.stride, 1)
        self.padding = self._each("padding", self.padding, 0)


class AvgPool2d(_AvgPool):
    """The mean of each window: (N, C, H, W) -> (N, C, H', W'), see `F.avg_pool2d`.

    Args:
        kernel_size, stride, ceil_mode: as in `MaxPool2d`.
        padding: zeros on each side.
        count_include_pad: whether these zeros count in the mean.
        divisor_override: what the sum of each window is divided by, if not by its size.

    Raises: as `MaxPool2d`.
    """

    _axes = 2
    _operation = staticmethod(F.avg_pool2d)


class AvgPool3d(_AvgPool):
    """`AvgPool2d` along three axes: (N, C, D, H, W) -> (N, C, D', H', W')."""

    _axes = 3
    _operation = staticmethod(F.avg_pool3d)


class _LPPool(_Pool):
    def __init__(
        self, norm_type: float, kernel_size: Size, stride: Size | None = None, ceil_mode: bool = False
    ) -> None:
        super().__init__(kernel_size, stride, 0, ceil_mode)
        self.norm_type = norm_type
        self._stride = stride

    def forward(self, x: Tensor) -> Tensor:
        return self._operation(x, self.norm_type, self.kernel_size, self.stride, self.ceil_mode)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return (
            f"norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self._stride}, "
            f"ceil_mode={self.ceil_mode}"
        )


class LPPool1d(_LPPool):
    """`LPPool2d` along one axis: (N, C, L) -> (N, C, L')."""

    _axes = 1
    _operation = staticmethod(F.lp_pool1d)


class LPPool2d(_LPPool):
    """(Σ x ** norm_type) ** (1 / norm_type) over each window: (N, C, H, W) -> (N, C, H', W'), see `F.lp_pool2d`.

    Args:
        norm_type: 1 for the sum, 2 for the Euclidean norm; positive and finite.
        kernel_size, stride, ceil_mode: as in `MaxPool2d`.

    Raises: as `MaxPool2d`.
    """

    _axes = 2
    _operation = staticmethod(F.lp_pool2d)


class LPPool3d(_LPPool):
    """`LPPool2d` along three axes: (N, C, D, H, W) -> (N, C, D', H', W')."""

    _axes = 3
    _operation = staticmethod(F.lp_pool3d)
