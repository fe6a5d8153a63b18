"""The arguments of pooling."""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ShapeError
from ..kernels.pooling.regions import Regions, adaptive, sliding
from .options import Option, Shape, each, require_axes

__all__ = ["Divisor", "adaptive_regions", "average_regions", "unpooled", "window_regions"]

Divisor = int | NDArray[np.float64]
"""How many elements each mean is of: one number for all results, or (*output)."""


@lru_cache(1024)
def window_regions(
    name: str,
    n: int,
    x: Shape,
    kernel_size: Option,
    stride: Option | None,
    padding: Option,
    dilation: Option,
    ceil_mode: bool,
) -> Regions:
    """The regions that a window sees while it moves over images of a shape.

    Raises:
        ShapeError: x is not of images, or a window does not fit in.
        ValueError: an option that is no way to move.
    """
    require_axes(name, n, x)
    spatial = _room(name, n, x)
    kernel, strides, paddings = _moves(name, n, kernel_size, stride, padding)
    dilations = each(name, "dilation", dilation, n, 1)
    reach = tuple(step * (k - 1) + 1 for k, step in zip(kernel, dilations, strict=True))
    if any(2 * pad > k for pad, k in zip(paddings, kernel, strict=True)):
        raise ValueError(f"{name}: padding must be at most half of kernel_size {kernel_size}, got {padding}")
    axes = zip(spatial, reach, strides, paddings, strict=True)
    output = tuple(_places(size, r, move, pad, ceil_mode) for size, r, move, pad in axes)
    if min(output) < 1:
        room = tuple(size + 2 * pad for size, pad in zip(spatial, paddings, strict=True))
        raise ShapeError(
            f"{name}: x {x}: the kernel reaches over {reach}, but the padded input has only {room}; pad it, or take a "
            "smaller kernel or dilation"
        )
    regions = sliding(spatial, output, kernel, strides, paddings, dilations)
    if regions.is_any_empty:
        raise ShapeError(f"{name}: x {x}: a window sees padding alone; take less padding or dilation")
    return regions


def _places(size: int, reach: int, stride: int, padding: int, ceil_mode: bool) -> int:
    """How many places a window has along an axis; with ceil_mode the last may reach over the end, but begins inside."""
    places = (size + 2 * padding - reach + (stride - 1 if ceil_mode else 0)) // stride + 1
    return places - (ceil_mode and (places - 1) * stride >= size + padding)


def _moves(
    name: str, n: int, kernel_size: Option, stride: Option | None, padding: Option
) -> tuple[Shape, Shape, Shape]:
    """Kernel, stride, which is the kernel's size by default, and padding for each axis."""
    kernel = each(name, "kernel_size", kernel_size, n, 1)
    strides = kernel if stride is None else each(name, "stride", stride, n, 1)
    return kernel, strides, each(name, "padding", padding, n, 0)


@lru_cache(1024)
def average_regions(
    name: str,
    n: int,
    x: Shape,
    kernel_size: Option,
    stride: Option | None,
    padding: Option,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> tuple[Regions, Divisor]:
    """The same for means, and what sums are divided by.

    Raises: as `window_regions`, also a ValueError for a divisor of 0.
    """
    regions = window_regions(name, n, x, kernel_size, stride, padding, 1, ceil_mode)
    if divisor_override is not None:
        if divisor_override == 0:
            raise ValueError(f"{name}: divisor_override must not be 0")
        return regions, divisor_override
    if not count_include_pad:
        return regions, _divisor(regions, [band.count for band in regions.bands])
    counts = []
    moves = _moves(name, n, kernel_size, stride, padding)
    for size, k, move, pad, places in zip(x[-n:], *moves, regions.output, strict=True):
        start = np.arange(places) * move - pad
        counts.append(np.minimum(start + k, size + pad) - start)
    return regions, _divisor(regions, counts)


@lru_cache(1024)
def adaptive_regions(name: str, n: int, x: Shape, output_size: Any) -> tuple[Regions, Divisor]:
    """As many regions as asked for, None for as many as x has positions; and how many elements they have.

    Raises:
        ShapeError: x is not of images.
        ValueError: an option that is no size.
    """
    require_axes(name, n, x)
    spatial = _room(name, n, x)
    sizes = output_size if isinstance(output_size, tuple) else (output_size,) * n
    if len(sizes) == n:
        sizes = tuple(given if size is None else size for size, given in zip(sizes, spatial, strict=True))
    regions = adaptive(spatial, each(name, "output_size", sizes, n, 1))
    return regions, _divisor(regions, [band.count for band in regions.bands])


def _room(name: str, n: int, x: Shape) -> Shape:
    """The spatial axes of x."""
    if not prod(x[-n:]):
        raise ShapeError(f"{name}: x {x} has an axis without positions")
    return x[-n:]


def _divisor(regions: Regions, counts: list[NDArray[np.intp]]) -> Divisor:
    """The product of counts along each axis."""
    if all(np.ptp(along) == 0 for along in counts):
        return prod(int(along[0]) for along in counts)
    divisor = np.ones(regions.output)
    for along in np.ix_(*counts):
        divisor *= along
    divisor.setflags(write=False)
    return divisor


@lru_cache(1024)
def unpooled(
    name: str, n: int, x: Shape, kernel_size: Option, stride: Option | None, padding: Option, output_size: Any
) -> Shape:
    """The spatial shape from which pooling leads to x: the one given, or the smallest for windows that all fit in.

    Raises:
        ShapeError: x is not of images.
        ValueError: an option that is no way to move, or a size from which the window does not lead to x.
    """
    require_axes(name, n, x)
    kernel, strides, paddings = _moves(name, n, kernel_size, stride, padding)
    spatial = tuple((m - 1) * s - 2 * p + k for m, s, p, k in zip(x[-n:], strides, paddings, kernel, strict=True))
    if output_size is None:
        return spatial
    sizes = output_size[-n:] if isinstance(output_size, tuple) and len(output_size) in (n + 1, n + 2) else output_size
    sizes = each(name, "output_size", sizes, n, 1)
    if any(abs(size - least) >= s for size, least, s in zip(sizes, spatial, strides, strict=True)):
        raise ValueError(f"{name}: output_size must be less than a stride, {strides}, away from {spatial}, got {sizes}")
    return sizes
