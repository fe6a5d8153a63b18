"""Windows of images as columns, and columns as images: an adjoint pair."""

from __future__ import annotations

from typing import Any

from ..diagnosis import whereabouts
from ..kernels import windows as kernels
from ..primitive import primitive
from ..sliding.options import Shape, plain
from ..sliding.windows import folding, unfolding
from .creating import asarray
from .shaping import reshape

__all__ = ["fold", "unfold"]


@primitive
def _unfold(x: Any, kernel: Shape = (), geometry: Any = None) -> Any:
    return kernels.unfold(x, kernel, geometry)


@primitive
def _fold(x: Any, spatial: Shape = (), kernel: Shape = (), geometry: Any = None) -> Any:
    return kernels.fold(x, spatial, kernel, geometry)


_unfold.defvjp(lambda g, _y, _x, kernel, geometry: _fold(g, _x.shape[2:], kernel, geometry))
_fold.defvjp(lambda g, _y, _x, spatial, kernel, geometry: _unfold(g, kernel, geometry))


def unfold(x: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """Each place of a sliding window as a column: (N, C, H, W) or (C, H, W) -> (N, C kH kW, L), im2col.

    Rows are ordered by channel, then by the position in the window; L = H' W' places, row by row. So
    `weight.reshape(O, -1) @ unfold(x, (kH, kW))` is `conv2d(x, weight)` with space on one axis.

    Args:
        kernel_size: of the window; an int, or one for each axis. The same goes for the other options, see `conv2d`.

    Raises:
        ShapeError: x has other axes, or the window reaches further than the padded x.
        ValueError: an option below its least, or another number of entries than of axes.
        TypeError: an option that is no int.
    """
    x = asarray(x)
    try:
        kernel, geometry = unfolding(x.shape, *_plain("unfold", kernel_size, dilation, padding, stride))
    except (TypeError, ValueError) as error:
        raise type(error)(f"{error}; {whereabouts({'x': x})}") from None
    if len(x.shape) == 4:
        return _unfold(x, kernel, geometry)
    y = _unfold(reshape(x, (1, *x.shape)), kernel, geometry)
    return reshape(y, y.shape[1:])


def fold(x: Any, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """Columns put back as windows, where they overlap added up: (N, C kH kW, L) or (C kH kW, L) -> (N, C, H, W).

    The adjoint of `unfold`, whose options it takes; it is no inverse where windows overlap or leave gaps.

    Args:
        output_size: (H, W), or an int for both.

    Raises: as `unfold`; x must be of the shape that `unfold` gives images of that size.
    """
    x = asarray(x)
    try:
        size = plain("fold", "output_size", output_size)
        options = _plain("fold", kernel_size, dilation, padding, stride)
        spatial, kernel, geometry = folding(x.shape, size, *options)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{error}; {whereabouts({'x': x})}") from None
    if len(x.shape) == 3:
        return _fold(x, spatial, kernel, geometry)
    y = _fold(reshape(x, (1, *x.shape)), spatial, kernel, geometry)
    return reshape(y, y.shape[1:])


def _plain(name: str, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> tuple[Any, ...]:
    options = {"kernel_size": kernel_size, "dilation": dilation, "padding": padding, "stride": stride}
    return tuple(plain(name, option, value) for option, value in options.items())
