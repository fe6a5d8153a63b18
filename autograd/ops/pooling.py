"""Max pooling: an argmax, and an adjoint pair.

The argmax finds the winner of each region. Given the winners, pooling is linear: it takes x there, and its adjoint puts
numbers back there; each is the other's rule.
"""

from __future__ import annotations

from typing import Any

from ..diagnosis import whereabouts
from ..errors import DTypeError
from ..fusing import joining, pooled
from ..kernels import pooling as kernels
from ..kernels.pooling import Regions
from ..observing import timed
from ..primitive import Operation, primitive
from ..promises import joined
from ..recording import recorded
from ..sliding.options import plain
from ..sliding.pooling import adaptive_regions, window_regions
from ..standins import StandIn
from ..tensor import Tensor, wrap
from .creating import asarray

__all__ = [
    "adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d", "max_pool1d", "max_pool2d", "max_pool3d",
]  # fmt: skip


@primitive
def _max_pool1d(x: Any, winners: Any, regions: Any = None) -> Any:
    return _taken(x, winners, regions)


@primitive
def _max_pool2d(x: Any, winners: Any, regions: Any = None) -> Any:
    return _taken(x, winners, regions)


@primitive
def _max_pool3d(x: Any, winners: Any, regions: Any = None) -> Any:
    return _taken(x, winners, regions)


def _taken(x: Any, winners: Any, regions: Regions) -> Any:
    """x where the winners are; None for those of x."""
    return kernels.pool(x, regions)[0] if winners is None else kernels.take(x, winners, regions)


@primitive
def _put_back(g: Any, winners: Any, regions: Any = None) -> Any:
    return kernels.put(g, winners, regions)


_max_pool = {1: _max_pool1d, 2: _max_pool2d, 3: _max_pool3d}
for _pool in _max_pool.values():
    _pool.defvjp(lambda g, _y, _x, winners, regions: _put_back(g, winners, regions), None)
_put_back.defvjp(lambda g, _y, _g, winners, regions: _max_pool[len(regions.output)](g, winners, regions), None)

joining[_max_pool2d.primitive] = pooled


def max_pool1d(
    x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:  # fmt: skip
    """`max_pool2d` along one axis: x (N, C, L) or (C, L) -> (N, C, L')."""
    return _windows("max_pool1d", 1, x, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:  # fmt: skip
    """y[n, c, p] = max x[n, c, stride p + dilation k - padding], over k; what lies in the padding does not count.

    x (N, C, H, W) or (C, H, W) -> (N, C, H', W'), H' = floor((H + 2 padding - dilation (kH - 1) - 1) / stride) + 1.
    The gradient goes to the first of equal elements, row by row in the window. A NaN is larger than anything. The
    maxima of integers and booleans are constants.

    Args:
        kernel_size: the window's; an int, or one for each axis. The same goes for the following three.
        stride: how far the window moves; its size by default.
        padding: positions on each side of x; at most half of kernel_size.
        dilation: how far apart the window's elements look at x.
        ceil_mode: whether the last window may reach over the end: H' is then rounded up, if that window begins inside.
        return_indices: whether to return (y, indices), where in the raveled (H, W) each maximum is.

    Raises:
        ShapeError: x has other axes, or the window reaches further than the padded x.
        ValueError: an option below its least, too much padding, another number of entries than of axes.
        TypeError, DTypeError: an option that is no int, elements that have no order.
    """
    return _windows("max_pool2d", 2, x, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(
    x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:  # fmt: skip
    """`max_pool2d` along three axes: x (N, C, D, H, W) or (C, D, H, W) -> (N, C, D', H', W')."""
    return _windows("max_pool3d", 3, x, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def adaptive_max_pool1d(x: Any, output_size: Any, return_indices: bool = False) -> Any:
    """`adaptive_max_pool2d` along one axis: x (N, C, L) or (C, L) -> (N, C, output_size)."""
    return _adaptive("adaptive_max_pool1d", 1, x, output_size, return_indices)


def adaptive_max_pool2d(x: Any, output_size: Any, return_indices: bool = False) -> Any:
    """The largest element of each of so many regions: x (N, C, H, W) or (C, H, W) -> (N, C, *output_size).

    Region i of n along an axis of length H begins at floor(i H / n) and ends before ceil((i + 1) H / n); with n = 1 all
    space is pooled. Ties, NaN and indices are as in `max_pool2d`.

    Args:
        output_size: regions along each axis; an int for all, None for as many as x has positions.

    Raises:
        ShapeError: x has other axes, or no positions.
        ValueError: fewer than one region, another number of entries than of axes.
        TypeError, DTypeError: an option that is no int, elements that have no order.
    """
    return _adaptive("adaptive_max_pool2d", 2, x, output_size, return_indices)


def adaptive_max_pool3d(x: Any, output_size: Any, return_indices: bool = False) -> Any:
    """`adaptive_max_pool2d` along three axes: x (N, C, D, H, W) or (C, D, H, W) -> (N, C, *output_size)."""
    return _adaptive("adaptive_max_pool3d", 3, x, output_size, return_indices)


def _windows(
    name: str, n: int, x: Any, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: Any, indices: Any
) -> Any:
    x = asarray(x)
    try:
        regions = window_regions(
            name,
            n,
            x.shape,
            plain(name, "kernel_size", kernel_size),
            stride if stride is None else plain(name, "stride", stride),
            plain(name, "padding", padding),
            plain(name, "dilation", dilation),
            bool(ceil_mode),
        )
    except (TypeError, ValueError) as error:
        raise located(error, x) from None
    return _pooled(name, _max_pool[n], x, regions, indices)


def _adaptive(name: str, n: int, x: Any, output_size: Any, indices: Any) -> Any:
    x = asarray(x)
    try:
        regions, _ = adaptive_regions(name, n, x.shape, sizes(name, output_size))
    except (TypeError, ValueError) as error:
        raise located(error, x) from None
    return _pooled(name, _max_pool[n], x, regions, indices)


def _pooled(name: str, operation: Operation, x: Any, regions: Regions, return_indices: bool) -> Any:
    if x.dtype.kind not in "biuf":
        raise located(DTypeError(f"{name}: expected real numbers, got {x.dtype}, which has no largest"), x)
    if not isinstance(x, Tensor):
        y, winners = kernels.pool(x, regions)
        return (y, kernels.places(winners, regions)) if return_indices else y
    if isinstance(x, StandIn) and not return_indices:
        return operation(x, None, regions)
    params = {"regions": regions}
    promise = None if return_indices else joined(x, operation.primitive, params)
    if promise is not None:
        return recorded(operation.primitive, (x, 0), (None, 0), params, promise)
    array = x._frozen()
    (y, winners), seconds = timed(kernels.pool, array, regions)
    known = (x, wrap(winners, None))
    result = recorded(operation.primitive, known, (array, winners), params, y, seconds)
    return (result, wrap(kernels.places(winners, regions), None)) if return_indices else result


def sizes(name: str, output_size: Any) -> Any:
    """What `plain` gives, with None left where it is."""
    if isinstance(output_size, (tuple, list)):
        return tuple(None if size is None else plain(name, "output_size", size) for size in output_size)
    return None if output_size is None else plain(name, "output_size", output_size)


def located(error: Exception, x: Any) -> Exception:
    """The error, with the name of the tensor and the user's line."""
    return type(error)(f"{error}; {whereabouts({'x': x})}")
