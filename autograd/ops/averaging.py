"""Average pooling: sums of regions, divided. Sums are linear, and their adjoint spreads numbers over regions."""

from __future__ import annotations

from math import inf, prod
from typing import Any

import numpy as np

from ..errors import DTypeError
from ..kernels import pooling as kernels
from ..primitive import primitive
from ..sliding.options import each, plain
from ..sliding.pooling import Divisor, adaptive_regions, average_regions
from .creating import asarray
from .pooling import located, sizes
from .selecting import where

__all__ = [
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d",
    "lp_pool1d", "lp_pool2d", "lp_pool3d",
]  # fmt: skip


@primitive
def _avg_pool1d(x: Any, regions: Any = None, divisor: Divisor = 1) -> Any:
    return kernels.mean(x, regions, divisor)


@primitive
def _avg_pool2d(x: Any, regions: Any = None, divisor: Divisor = 1) -> Any:
    return kernels.mean(x, regions, divisor)


@primitive
def _avg_pool3d(x: Any, regions: Any = None, divisor: Divisor = 1) -> Any:
    return kernels.mean(x, regions, divisor)


@primitive
def _region_sums(x: Any, regions: Any = None) -> Any:
    return kernels.sums(x, regions)


@primitive
def _spread(g: Any, regions: Any = None) -> Any:
    return kernels.spread(g, regions)


_avg_pool = {1: _avg_pool1d, 2: _avg_pool2d, 3: _avg_pool3d}
for _pool in _avg_pool.values():
    _pool.defvjp(lambda g, _y, _x, regions, divisor: _spread(g / np.asarray(divisor, g.dtype), regions))
_region_sums.defvjp(lambda g, _y, _x, regions: _spread(g, regions))
_spread.defvjp(lambda g, _y, _g, regions: _region_sums(g, regions))


def avg_pool1d(
    x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: int | None = None,
) -> Any:  # fmt: skip
    """`avg_pool2d` along one axis: x (N, C, L) or (C, L) -> (N, C, L')."""
    options = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
    return _windows("avg_pool1d", 1, x, *options)


def avg_pool2d(
    x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: int | None = None,
) -> Any:  # fmt: skip
    """y[n, c, p] = Σ x[n, c, stride p + k - padding] / kH kW, over k; what lies in the padding is 0.

    x (N, C, H, W) or (C, H, W) -> (N, C, H', W'), with H' as in `max_pool2d`. Halves are added up in float32; the means
    of integers and booleans are float64.

    Args:
        kernel_size, stride, padding, ceil_mode: as in `max_pool2d`.
        count_include_pad: whether padding counts as elements, where the sum is divided by their number. What a window
            with ceil_mode sees beyond the padding never does.
        divisor_override: divide by this instead.

    Raises:
        ShapeError: x has other axes, or the window reaches further than the padded x.
        ValueError: an option below its least, too much padding, another number of entries than of axes, a divisor of 0.
        TypeError, DTypeError: an option that is no int, elements that are no numbers.
    """
    options = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
    return _windows("avg_pool2d", 2, x, *options)


def avg_pool3d(
    x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: int | None = None,
) -> Any:  # fmt: skip
    """`avg_pool2d` along three axes: x (N, C, D, H, W) or (C, D, H, W) -> (N, C, D', H', W')."""
    options = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
    return _windows("avg_pool3d", 3, x, *options)


def adaptive_avg_pool1d(x: Any, output_size: Any) -> Any:
    """`adaptive_avg_pool2d` along one axis: x (N, C, L) or (C, L) -> (N, C, output_size)."""
    return _adaptive("adaptive_avg_pool1d", 1, x, output_size)


def adaptive_avg_pool2d(x: Any, output_size: Any) -> Any:
    """The mean of each of so many regions: x (N, C, H, W) or (C, H, W) -> (N, C, *output_size).

    Regions, options and errors are those of `adaptive_max_pool2d`; with output_size 1 all space is averaged.
    """
    return _adaptive("adaptive_avg_pool2d", 2, x, output_size)


def adaptive_avg_pool3d(x: Any, output_size: Any) -> Any:
    """`adaptive_avg_pool2d` along three axes: x (N, C, D, H, W) or (C, D, H, W) -> (N, C, *output_size)."""
    return _adaptive("adaptive_avg_pool3d", 3, x, output_size)


def lp_pool1d(x: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """`lp_pool2d` along one axis: x (N, C, L) or (C, L) -> (N, C, L')."""
    return _norms("lp_pool1d", 1, x, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(x: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """y = (Σ x ** norm_type) ** (1 / norm_type) over each window; no absolute values are taken.

    x (N, C, H, W) or (C, H, W) -> (N, C, H', W'). A sum that is 0 gets gradient 0. With ceil_mode, the sum of a window
    that reaches over the end is scaled up to its full size, as in PyTorch. Options and errors are as in `max_pool2d`.

    Raises:
        ValueError: norm_type is not positive and finite.
    """
    return _norms("lp_pool2d", 2, x, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(x: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """`lp_pool2d` along three axes: x (N, C, D, H, W) or (C, D, H, W) -> (N, C, D', H', W')."""
    return _norms("lp_pool3d", 3, x, norm_type, kernel_size, stride, ceil_mode)


def _windows(
    name: str, n: int, x: Any, kernel_size: Any, stride: Any, padding: Any, ceil_mode: Any, include: Any, divisor: Any
) -> Any:
    x = _numbers(name, x)
    try:
        found = average_regions(
            name,
            n,
            x.shape,
            plain(name, "kernel_size", kernel_size),
            stride if stride is None else plain(name, "stride", stride),
            plain(name, "padding", padding),
            bool(ceil_mode),
            bool(include),
            divisor if divisor is None else plain(name, "divisor_override", divisor),
        )
    except (TypeError, ValueError) as error:
        raise located(error, x) from None
    return _avg_pool[n](x, *found)


def _norms(name: str, n: int, x: Any, norm_type: float, kernel_size: Any, stride: Any, ceil_mode: Any) -> Any:
    if not 0 < norm_type < inf:
        raise ValueError(f"{name}: norm_type must be positive and finite, got {norm_type}; max_pool{n}d is the limit")
    mean = _windows(name, n, asarray(x) ** norm_type, kernel_size, stride, 0, ceil_mode, True, None)
    total = mean * prod(each(name, "kernel_size", plain(name, "kernel_size", kernel_size), n, 1))
    return where(total == 0, 0, total ** (1 / norm_type))


def _adaptive(name: str, n: int, x: Any, output_size: Any) -> Any:
    x = _numbers(name, x)
    try:
        found = adaptive_regions(name, n, x.shape, sizes(name, output_size))
    except (TypeError, ValueError) as error:
        raise located(error, x) from None
    return _avg_pool[n](x, *found)


def _numbers(name: str, x: Any) -> Any:
    x = asarray(x)
    if x.dtype.kind not in "biufc":
        raise located(DTypeError(f"{name}: expected numbers, got {x.dtype}"), x)
    return x
