"""The fast kernels called: memory laid out for them, work split.

Vectors are of channels. Where these lie last in memory, a vector is at hand; else some planes at a time are turned; and
where there are fewer than a vector has numbers, one number after the other is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import layout
from ..buffers import empty
from ..jit import readable
from ..sharing import board, helpers
from ..threads import get_num_threads, split
from ..vectors import lanes_of
from . import pixels, planes, scalars, squares
from .regions import Regions, Shape, side_by_side, sliding

__all__ = ["pool", "put"]

_TOGETHER = 32  # planes that are turned at once
_LEAST = 1 << 15  # numbers of the images in a range: with fewer, it takes longer to start a kernel than to run it


def pool(x: NDArray[Any], regions: Regions, relu: bool) -> tuple[NDArray[Any], NDArray[Any]]:
    """(..., *spatial) -> the maxima of regions, and their winners (..., *output)."""
    if _has_vectors(x, regions.spatial, x.dtype):
        return _pool_pixels(layout.pixels(x), regions, relu)
    axes, tables = _described(regions)
    shape = (*x.shape[: x.ndim - len(regions.spatial)], *regions.output)
    y, winners = empty(shape, x.dtype), empty(shape, regions.dtype)
    count, source = prod(shape[: -len(regions.output)]), _read(layout.channels_first(x))
    if count >= lanes_of(x.dtype):
        groups, together = _groups(count)
        _run(
            planes.pool_planes, groups, x.size, source, *axes, count, together, *tables, relu, _flat(y), _flat(winners)
        )
    else:
        rows, images = count * prod(regions.results[:2]), source.reshape(count, *regions.images)
        results = (array.reshape(count, *regions.results) for array in (y, winners))
        _run(scalars.pool_scalars, rows, x.size, images, *tables, relu, *results)
    return y, winners


def put(g: NDArray[Any], winners: NDArray[Any], regions: Regions) -> NDArray[Any]:
    """(..., *output) -> images of zeros (..., *spatial), with each result added where it came from."""
    if _has_vectors(winners, regions.output, g.dtype):
        return _put_pixels(layout.pixels(layout.channels_last(g)), layout.pixels(winners), regions)
    axes, tables = _described(regions)
    leading = g.shape[: g.ndim - len(regions.output)]
    y = empty((*leading, *regions.spatial), g.dtype)
    count, results, places = prod(leading), _read(layout.channels_first(g)), _read(layout.channels_first(winners))
    if count >= lanes_of(g.dtype):
        groups, together = _groups(count)
        covering = *regions.covering, regions.tiled
        _run(planes.put_planes, groups, y.size, results, places, *axes, count, together, *tables, *covering, _flat(y))
    else:
        sources = results.reshape(count, -1), places.reshape(count, -1), regions.origins.reshape(-1), regions.offsets
        _run(scalars.put_scalars, count, y.size, *sources, y.reshape(count, -1))
    return y


def _pool_pixels(x: NDArray[Any], regions: Regions, relu: bool) -> tuple[NDArray[Any], NDArray[Any]]:
    """(N, *spatial, C) -> what `pool` returns."""
    samples, channels = x.shape[0], x.shape[-1]
    shape = (samples, *regions.output, channels)
    y, winners = empty(shape, x.dtype), empty(shape, regions.dtype)
    rows = samples * prod(regions.results[:2])
    if regions.squares:
        sizes = *regions.spatial, channels
        _share(squares.pool_squares, rows, x.size, _read(x), *sizes, relu, _flat(y), _flat(winners))
    else:
        axes, tables = _described(regions)
        _run(pixels.pool_pixels, rows, x.size, _read(x), *axes, channels, *tables, relu, _flat(y), _flat(winners))
    return layout.planes(y), layout.planes(winners)


def _put_pixels(g: NDArray[Any], winners: NDArray[Any], regions: Regions) -> NDArray[Any]:
    """(N, *output, C) -> what `put` returns."""
    samples, channels = g.shape[0], g.shape[-1]
    y = empty((samples, *regions.spatial, channels), g.dtype)
    if regions.squares:
        rows, sizes = samples * regions.output[0], (*regions.spatial, channels)
        _share(squares.put_squares, rows, y.size, _read(g), _read(winners), *sizes, _flat(y))
    else:
        axes, tables = _described(regions)
        rows, covering = samples * prod(regions.images[:2]), (*regions.covering, regions.tiled)
        sources = _read(g), _read(winners)
        _run(pixels.put_pixels, rows, y.size, *sources, *axes, channels, *tables, *covering, _flat(y))
    return layout.planes(y)


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py)."""
    regions = sliding((4, 2), (3, 1), (2, 2), (1, 1), (0, 0), (1, 1))
    many = np.ones((1, lanes_of(np.dtype(dtype)), 4, 2), dtype)
    y, winners = pool(layout.channels_last(many[:, :, :2]), side_by_side((2, 2)), False)
    put(y, winners, side_by_side((2, 2)))
    for x in (layout.channels_last(many), many, many[:, :1]):
        y, winners = pool(x, regions, False)
        put(y, winners, regions)


def _has_vectors(x: NDArray[Any], spatial: Shape, dtype: Any) -> bool:
    """Whether channels lie last, and are as many as a vector has numbers of a dtype, or more."""
    return x.ndim == len(spatial) + 2 and x.shape[1] >= lanes_of(dtype) and layout.is_channels_last(x)


def _described(regions: Regions) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """What kernels for all kinds of regions are told: the axes of images and of results, and tables."""
    return (regions.images, regions.results), (regions.first, regions.count, regions.step, regions.size)


def _groups(count: int) -> tuple[int, int]:
    """How many groups of planes there are, and planes in a group."""
    together = min(count, _TOGETHER)
    return -(-count // together), together


def _flat(x: NDArray[Any]) -> NDArray[Any]:
    return x.reshape(-1)


def _read(x: NDArray[Any]) -> NDArray[Any]:
    """Flat, as a kernel takes what it does not write."""
    return readable(x.reshape(-1))


def _run(kernel: Callable[..., Any], parts: int, numbers: int, *args: Any) -> None:
    """Two ranges for each thread, so that one that is late does not keep the others waiting for all of its share."""
    split(kernel, parts, *args, grain=max(-(-parts // (2 * get_num_threads())), _LEAST * parts // numbers, 1))


def _share(kernel: Callable[..., Any], parts: int, numbers: int, *args: Any) -> None:
    """As `_run`, for a kernel so short that handing it over in Python would take a third of its time."""
    expected = 0 if numbers < 2 * _LEAST else helpers()
    kernel(board, expected, parts, max(1, -(-parts // (4 * get_num_threads()))), *args)
