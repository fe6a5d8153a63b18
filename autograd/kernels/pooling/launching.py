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
from ..threads import split
from ..vectors import lanes_of
from . import pixels, planes, scalars
from .regions import Regions, Shape, sliding

__all__ = ["pool", "put"]

_GRAIN = 1 << 17  # numbers of the images that one thread takes at once
_TOGETHER = 32  # planes that are turned at once


def pool(x: NDArray[Any], regions: Regions, relu: bool) -> tuple[NDArray[Any], NDArray[Any]]:
    """(..., *spatial) -> the maxima of regions, and their winners (..., *output)."""
    axes = regions.images, regions.results
    tables = regions.first, regions.count, regions.step, regions.size, relu
    if _has_vectors(x, regions.spatial, x.dtype):
        samples, channels = x.shape[:2]
        shape = (samples, *regions.output, channels)
        y, winners = empty(shape, x.dtype), empty(shape, regions.dtype)
        rows = samples * prod(regions.results[:2])
        _run(
            pixels.pool_pixels,
            rows,
            x.size,
            readable(_flat(layout.pixels(x))),
            *axes,
            channels,
            *tables,
            _flat(y),
            _flat(winners),
        )
        return layout.planes(y), layout.planes(winners)
    leading = x.shape[: x.ndim - len(regions.spatial)]
    y, winners = (empty((*leading, *regions.output), dtype) for dtype in (x.dtype, regions.dtype))
    count, source = prod(leading), readable(_flat(layout.channels_first(x)))
    if count >= lanes_of(x.dtype):
        groups, together = _groups(count)
        _run(planes.pool_planes, groups, x.size, source, *axes, count, together, *tables, _flat(y), _flat(winners))
    else:
        rows = count * prod(regions.results[:2])
        results = (array.reshape(count, *regions.results) for array in (y, winners))
        _run(scalars.pool_scalars, rows, x.size, source.reshape(count, *regions.images), *tables, *results)
    return y, winners


def put(g: NDArray[Any], winners: NDArray[Any], regions: Regions) -> NDArray[Any]:
    """(..., *output) -> images of zeros (..., *spatial), with each result added where it came from."""
    axes = regions.images, regions.results
    tables = regions.first, regions.count, regions.step, regions.size, *regions.covering, regions.tiled
    if _has_vectors(winners, regions.output, g.dtype):
        samples, channels = g.shape[:2]
        y = empty((samples, *regions.spatial, channels), g.dtype)
        rows = samples * prod(regions.images[:2])
        sources = (readable(_flat(layout.pixels(array))) for array in (layout.channels_last(g), winners))
        _run(pixels.put_pixels, rows, y.size, *sources, *axes, channels, *tables, _flat(y))
        return layout.planes(y)
    leading = g.shape[: g.ndim - len(regions.output)]
    y = empty((*leading, *regions.spatial), g.dtype)
    count = prod(leading)
    sources = (readable(_flat(layout.channels_first(array))) for array in (g, winners))
    if count >= lanes_of(g.dtype):
        groups, together = _groups(count)
        _run(planes.put_planes, groups, y.size, *sources, *axes, count, together, *tables, _flat(y))
    else:
        sources = (source.reshape(count, -1) for source in sources)
        _run(
            scalars.put_scalars, count, y.size, *sources, _flat(regions.origins), regions.offsets, y.reshape(count, -1)
        )
    return y


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py)."""
    regions = sliding((4, 2), (2, 1), (2, 2), (2, 2), (0, 0), (1, 1))
    many = np.ones((1, lanes_of(np.dtype(dtype)), 4, 2), dtype)
    for x in (layout.channels_last(many), many, many[:, :1]):
        y, winners = pool(x, regions, False)
        put(y, winners, regions)


def _has_vectors(x: NDArray[Any], spatial: Shape, dtype: Any) -> bool:
    """Whether channels lie last, and are as many as a vector has numbers of a dtype, or more."""
    return x.ndim == len(spatial) + 2 and x.shape[1] >= lanes_of(dtype) and layout.is_channels_last(x)


def _groups(count: int) -> tuple[int, int]:
    """How many groups of planes there are, and planes in a group."""
    together = min(count, _TOGETHER)
    return -(-count // together), together


def _flat(x: NDArray[Any]) -> NDArray[Any]:
    return x.reshape(-1)


def _run(kernel: Callable[..., Any], parts: int, numbers: int, *args: Any) -> None:
    split(kernel, parts, *args, grain=max(_GRAIN * parts // numbers, 1))
