"""Max unpooling: what pooling kept, back where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...autograd.sliding.options import each, plain
from ...autograd.tensor import Tensor
from .. import functional as F
from ..module import Module

__all__ = ["MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d"]

Size = int | Sequence[int]


class _MaxUnpool(Module):
    _axes: int
    _operation: Callable[..., Any]

    def __init__(self, kernel_size: Size, stride: Size | None = None, padding: Size = 0) -> None:
        name = type(self).__name__

        def entries(option: str, value: Size, least: int) -> tuple[int, ...]:
            return each(name, option, plain(name, option, value), self._axes, least)

        self.kernel_size = entries("kernel_size", kernel_size, 1)
        self.stride = entries("stride", kernel_size if stride is None else stride, 1)
        self.padding = entries("padding", padding, 0)

    def forward(self, x: Tensor, indices: Any, output_size: Sequence[int] | None = None) -> Tensor:
        return self._operation(x, indices, self.kernel_size, self.stride, self.padding, output_size)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxUnpool1d(_MaxUnpool):
    """`MaxUnpool2d` along one axis: (N, C, L) -> (N, C, L')."""

    _axes = 1
    _operation = staticmethod(F.max_unpool1d)


class MaxUnpool2d(_MaxUnpool):
    """Zeros, with each number where `MaxPool2d` found it: (N, C, H, W) -> (N, C, H', W'), see `F.max_unpool2d`.

    It is called with the values and the indices that `MaxPool2d(..., return_indices=True)` gives, and with the size of
    what was pooled where several sizes lead to the same.

    Args:
        kernel_size, stride, padding: those of the pooling.

    Raises:
        ValueError: an option below its least, or another number of entries than of axes.
        TypeError: an option that is no int.
    """

    _axes = 2
    _operation = staticmethod(F.max_unpool2d)


class MaxUnpool3d(_MaxUnpool):
    """`MaxUnpool2d` along three axes: (N, C, D, H, W) -> (N, C, D', H', W')."""

    _axes = 3
    _operation = staticmethod(F.max_unpool3d)
