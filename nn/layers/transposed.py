"""Transposed convolutions along one, two and three axes."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from ...autograd.errors import ShapeError
from ...autograd.sliding.options import Shape, each, pairs, plain, require_axes
from ...autograd.tensor import Tensor
from .. import functional as F
from .convolution import Kernels, Padding, Size

__all__ = ["ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"]


class _ConvTranspose(Kernels):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Padding = 0,
        output_padding: Size = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Size = 1,
        padding_mode: str = "zeros",
        dtype: DTypeLike = np.float32,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, groups)
        if padding_mode != "zeros":
            raise ValueError(f"{type(self).__name__}: padding_mode must be 'zeros', got {padding_mode!r}")
        self._start(in_channels, out_channels // groups, bias, dtype, rng)

    def forward(self, x: Tensor, output_size: Size | None = None) -> Tensor:
        more = self.output_padding if output_size is None else self._more(x, output_size)
        return self._operation(x, self.weight, self.bias, self.stride, self.padding, more, self.groups, self.dilation)

    def _more(self, x: Tensor, output_size: Size) -> Shape:
        """The output_padding that gives a result of this size."""
        name = type(self).__name__
        require_axes(name, self._axes, x.shape)
        size = plain(name, "output_size", output_size)
        if isinstance(size, tuple) and len(size) == x.ndim:
            size = size[-self._axes :]
        sizes = each(name, "output_size", size, self._axes, 1)
        options = self.stride, pairs(name, "padding", self.padding, self._axes), self.dilation, self.kernel_size
        along = zip(x.shape[-self._axes :], *options, strict=True)
        least = tuple(
            (m - 1) * stride - sum(widths) + dilation * (k - 1) + 1 for m, stride, widths, dilation, k in along
        )
        more = tuple(size - low for size, low in zip(sizes, least, strict=True))
        if any(not 0 <= extra < stride for extra, stride in zip(more, self.stride, strict=True)):
            most = tuple(low + stride - 1 for low, stride in zip(least, self.stride, strict=True))
            raise ShapeError(f"{name}: x {x.shape}: sizes from {least} to {most} can come of it, not {output_size}")
        return more


class ConvTranspose1d(_ConvTranspose):
    """`ConvTranspose2d` along one axis: (N, in_channels, L) -> (N, out_channels, L')."""

    _axes = 1
    _operation = staticmethod(F.conv_transpose1d)


class ConvTranspose2d(_ConvTranspose):
    """The adjoint of a `Conv2d`, plus bias: (N, in_channels, H, W) -> (N, out_channels, H', W').

    See `F.conv_transpose2d`.

    weight (in_channels, out_channels / groups, kH, kW) and bias (out_channels,) start uniform in ±1/√fan, where
    fan = out_channels / groups · kH · kW, as in PyTorch.

    Options are those of the `Conv2d` that it goes back from, and `output_padding`, positions added after the last; or
    call it with `output_size`, a size for each axis.

    Raises: as `Conv2d`; the only padding_mode is 'zeros'.
    """

    _axes = 2
    _operation = staticmethod(F.conv_transpose2d)


class ConvTranspose3d(_ConvTranspose):
    """`ConvTranspose2d` along three axes: (N, in_channels, D, H, W) -> (N, out_channels, D', H', W')."""

    _axes = 3
    _operation = staticmethod(F.conv_transpose3d)
