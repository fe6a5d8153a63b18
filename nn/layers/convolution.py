"""Convolutions along one, two and three axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from operator import index
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ...autograd.sliding.options import Shape, each, pairs, plain, require_axes
from ...autograd.tensor import Tensor
from .. import functional as F, init
from ..module import Module
from ..parameters import Parameter
from ..random import generator
from .borders import MODES, bordered

__all__ = ["Conv1d", "Conv2d", "Conv3d"]

Size = int | Sequence[int]
Padding = int | Sequence[int | tuple[int, int]]


class Kernels(Module):
    """What convolutions and transposed convolutions have in common: options, a weight and a bias."""

    _axes: int
    _operation: Callable[..., Tensor]

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Size, stride: Size, padding: Padding,
        output_padding: Size, dilation: Size, groups: int,
    ) -> None:  # fmt: skip
        name = type(self).__name__
        self.groups = _at_least_1(name, "groups", groups)
        self.in_channels = _at_least_1(name, "in_channels", in_channels)
        self.out_channels = _at_least_1(name, "out_channels", out_channels)
        for option, channels in (("in_channels", self.in_channels), ("out_channels", self.out_channels)):
            if channels % self.groups:
                raise ValueError(f"{name}: {option}={channels} is not divisible by groups={groups}")
        self.kernel_size = self._each("kernel_size", kernel_size, 1)
        self.stride = self._each("stride", stride, 1)
        self.dilation = self._each("dilation", dilation, 1)
        self.output_padding = self._each("output_padding", output_padding, 0)
        widths = plain(name, "padding", padding)
        pairs(name, "padding", widths, self._axes)
        self.padding: Any = widths if isinstance(widths, tuple) else (widths,) * self._axes
        self.padding_mode = "zeros"

    def _each(self, option: str, value: Any, least: int) -> Shape:
        """An entry for each axis of space."""
        name = type(self).__name__
        return each(name, option, plain(name, option, value), self._axes, least)

    def _start(self, outer: int, inner: int, bias: bool, dtype: DTypeLike, rng: np.random.Generator | None) -> None:
        """A weight (outer, inner, *kernel) and a bias (out_channels,), uniform in ±1/√(inner · size of the kernel)."""
        # laid out in memory as its gradient will be, so that an update is one pass: group by group (where each is more
        # than one channel), in these element by element of the kernel, and there (inner, outer)
        groups = 1 if inner == 1 and outer == self.groups else self.groups
        weight = np.zeros((groups, *self.kernel_size, inner, outer // groups), dtype)
        weight = weight.transpose(0, -1, -2, *range(1, self._axes + 1)).reshape(outer, inner, *self.kernel_size)
        self.weight = Parameter(weight, dtype=dtype)
        self.bias = Parameter(np.zeros(self.out_channels), dtype=dtype) if bias else None
        self.initialize(rng or generator())

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw weight and bias."""
        bound = 1 / math.sqrt(math.prod(self.weight.shape[1:]))
        for parameter in self.parameters(recurse=False):
            init.uniform_(parameter, -bound, bound, rng=rng)

    def extra_repr(self) -> str:
        options: dict[str, tuple[Any, Any]] = {
            "padding": (self.padding, (0,) * self._axes),
            "dilation": (self.dilation, (1,) * self._axes),
            "output_padding": (self.output_padding, (0,) * self._axes),
            "groups": (self.groups, 1),
            "bias": (self.bias is not None, True),
            "padding_mode": (self.padding_mode, "zeros"),
        }
        said = [f", {name}={value}" for name, (value, usual) in options.items() if value != usual]
        start = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        return start + "".join(said)


class _Convolution(Kernels):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Padding | str = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        dtype: DTypeLike = np.float32,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        widths = 0 if isinstance(padding, str) else padding
        super().__init__(in_channels, out_channels, kernel_size, stride, widths, 0, dilation, groups)
        name = type(self).__name__
        if isinstance(padding, str):
            if padding not in ("same", "valid"):
                raise ValueError(f"{name}: padding must be 'same', 'valid' or numbers, got {padding!r}")
            if padding == "same" and max(self.stride) > 1:
                raise ValueError(f"{name}: padding='same' needs stride 1, got {self.stride}")
            self.padding = padding
        if padding_mode not in ("zeros", *MODES):
            raise ValueError(f"{name}: padding_mode must be one of {('zeros', *MODES)}, got {padding_mode!r}")
        self.padding_mode = padding_mode
        self._start(out_channels, in_channels // groups, bias, dtype, rng)

    def forward(self, x: Tensor) -> Tensor:
        padding = self.padding
        if self.padding_mode != "zeros":
            require_axes(type(self).__name__, self._axes, x.shape)
            x, padding = bordered(type(self).__name__, x, self._widths(), self.padding_mode), 0
        return self._operation(x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)

    def _widths(self) -> tuple[tuple[int, int], ...]:
        """The padding along each axis, before and after."""
        if self.padding != "same":
            return pairs(type(self).__name__, "padding", 0 if self.padding == "valid" else self.padding, self._axes)
        sums = [dilation * (k - 1) for k, dilation in zip(self.kernel_size, self.dilation, strict=True)]
        return tuple((total // 2, total - total // 2) for total in sums)


class Conv1d(_Convolution):
    """`Conv2d` along one axis: (N, in_channels, L) -> (N, out_channels, L')."""

    _axes = 1
    _operation = staticmethod(F.conv1d)


class Conv2d(_Convolution):
    """Kernels slide over images: (N, in_channels, H, W) -> (N, out_channels, H', W'), see `F.conv2d`.

    weight (out_channels, in_channels / groups, kH, kW) and bias (out_channels,) start uniform in ±1/√fan_in, where
    fan_in = in_channels / groups · kH · kW, as in PyTorch.

    Args:
        in_channels: of the input; out_channels: of the result, both divisible by groups.
        kernel_size: of the kernels; an int, or one for each axis. The same goes for `stride`, `padding`, `dilation`.
        padding: positions on each side, each an int or a pair (before, after); or 'same', or 'valid' for none.
        padding_mode: what lies there: 'zeros'; the image mirrored ('reflect') or continued as if it were one of many
            ('circular'); or the pixel at the edge ('replicate').

    Raises:
        ValueError: a size below its least, channels not divisible by groups, an unknown padding or padding_mode.
        TypeError: an option that is no int.
    """

    _axes = 2
    _operation = staticmethod(F.conv2d)


class Conv3d(_Convolution):
    """`Conv2d` along three axes: (N, in_channels, D, H, W) -> (N, out_channels, D', H', W')."""

    _axes = 3
    _operation = staticmethod(F.conv3d)


def _at_least_1(name: str, option: str, value: Any) -> int:
    try:
        number = index(value)
    except TypeError:
        raise TypeError(f"{name}: {option} must be an int, got {value!r:.60}") from None
    if number < 1:
        raise ValueError(f"{name}: {option} must be at least 1, got {number}")
    return number
