"""Layers that enlarge images, take them apart into windows, and put them together again."""

from __future__ import annotations

from collections.abc import Sequence

from ...autograd.sliding.options import each, plain
from ...autograd.tensor import Tensor
from .. import functional as F
from ..module import Module

__all__ = ["Fold", "Unfold", "Upsample"]

Size = int | Sequence[int]


class Upsample(Module):
    """Images of another size, by nearest neighbours or linearly in between: (N, C, *space) -> (N, C, *size).

    See `F.interpolate`.

    Args:
        size: of the result; an int, or one for each axis of space.
        scale_factor: how many times larger, instead of size; a number, or one for each axis.
        mode: 'nearest', 'linear' (of one axis), 'bilinear' (of two) or 'trilinear' (of three).
        align_corners: whether the centres of the pixels at the corners stay where they are, or their outer edges;
            for the linear modes alone.
        recompute_scale_factor: whether positions come from the sizes that were rounded, or from scale_factor itself.

    Raises:
        ValueError: neither or both of size and scale_factor.
    """

    def __init__(
        self,
        size: Size | None = None,
        scale_factor: float | Sequence[float] | None = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        if (size is None) == (scale_factor is None):
            raise ValueError(
                f"Upsample: give either size or scale_factor, got size={size}, scale_factor={scale_factor}"
            )
        self.size = size
        self.scale_factor = scale_factor
        if scale_factor is not None:
            self.scale_factor = (
                tuple(map(float, scale_factor)) if isinstance(scale_factor, Sequence) else float(scale_factor)
            )
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, x: Tensor) -> Tensor:
        size, factor = self.size, self.scale_factor
        if factor is not None and self.recompute_scale_factor:
            factors = factor if isinstance(factor, tuple) else (factor,) * (x.ndim - 2)
            if len(factors) == x.ndim - 2:
                size, factor = tuple(int(m * f) for m, f in zip(x.shape[2:], factors, strict=True)), None
        return F.interpolate(x, size, factor, self.mode, self.align_corners)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        size = f"size={self.size}" if self.scale_factor is None else f"scale_factor={self.scale_factor}"
        return f"{size}, mode={self.mode!r}"


class Unfold(Module):
    """Each place of a sliding window as a column: (N, C, H, W) -> (N, C kH kW, L), see `F.unfold`.

    Args:
        kernel_size: of the window; an int, or one for each axis. The same goes for the other options.

    Raises:
        ValueError: an option below its least, or another number of entries than of axes.
        TypeError: an option that is no int.
    """

    def __init__(self, kernel_size: Size, dilation: Size = 1, padding: Size = 0, stride: Size = 1) -> None:
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride
        name = type(self).__name__
        for option, least in (("kernel_size", 1), ("dilation", 1), ("padding", 0), ("stride", 1)):
            each(name, option, plain(name, option, getattr(self, option)), 2, least)

    def forward(self, x: Tensor) -> Tensor:
        return F.unfold(x, self.kernel_size, self.dilation, self.padding, self.stride)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, dilation={self.dilation}, padding={self.padding}, stride={self.stride}"


class Fold(Unfold):
    """Columns put back as windows, where they overlap added up: (N, C kH kW, L) -> (N, C, *output_size), see `F.fold`.

    Args:
        output_size: (H, W), or an int for both.

    Raises: as `Unfold`, whose other options it takes.
    """

    def __init__(
        self, output_size: Size, kernel_size: Size, dilation: Size = 1, padding: Size = 0, stride: Size = 1
    ) -> None:
        self.output_size = output_size
        each("Fold", "output_size", plain("Fold", "output_size", output_size), 2, 1)
        super().__init__(kernel_size, dilation, padding, stride)

    def forward(self, x: Tensor) -> Tensor:
        options = self.kernel_size, self.dilation, self.padding, self.stride
        return F.fold(x, self.output_size, *options)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}, {super().extra_repr()}"
