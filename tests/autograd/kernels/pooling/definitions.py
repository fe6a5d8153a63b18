"""What pooling means, an element at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tapegrad.autograd.kernels.bands import Band
from tapegrad.autograd.kernels.pooling import Regions
from tapegrad.autograd.kernels.resizing import Resizing

Array = NDArray[Any]
Place = tuple[int, ...]


def elements(regions: Regions, result: Place) -> Iterator[tuple[int, Place]]:
    """The position and the place in the image of each element of a result's region."""
    n = len(result)
    axes = zip(result, regions.first[-n:], regions.count[-n:], regions.step[-n:], strict=True)
    for k in product(*(range(count[o]) for o, _, count, _ in axes)):
        position = np.ravel_multi_index(k, regions.size[-n:])
        starts = (first[o] for o, first in zip(result, regions.first[-n:], strict=True))
        yield int(position), tuple(int(s + i * step) for s, i, step in zip(starts, k, regions.step[-n:], strict=True))


def pool(x: Array, regions: Regions, relu: bool = False) -> tuple[Array, Array]:
    """The first of the largest, or the last NaN; and where it is."""
    leading = x.shape[: x.ndim - len(regions.output)]
    y, winners = np.empty((*leading, *regions.output), x.dtype), np.empty((*leading, *regions.output), regions.dtype)
    for index in np.ndindex(y.shape):
        which, result = index[: len(leading)], index[len(leading) :]
        best = None
        for position, place in elements(regions, result):
            seen = x[which + place]
            if best is None or seen > best or np.isnan(seen):
                best, winners[index] = seen, position
        y[index] = best
        if relu and not y[index] > 0:
            winners[index] = regions.nobody
            y[index] = np.maximum(y[index], 0)
    return y, winners


def take(x: Array, winners: Array, regions: Regions) -> Array:
    leading = x.shape[: x.ndim - len(regions.output)]
    y = np.zeros(winners.shape, x.dtype)
    for index in np.ndindex(y.shape):
        which, result = index[: len(leading)], index[len(leading) :]
        for position, place in elements(regions, result):
            if winners[index] == position:
                y[index] = x[which + place]
    return y


def put(g: Array, winners: Array, regions: Regions) -> Array:
    leading = g.shape[: g.ndim - len(regions.output)]
    x = np.zeros((*leading, *regions.spatial), g.dtype)
    for index in np.ndindex(g.shape):
        which, result = index[: len(leading)], index[len(leading) :]
        for position, place in elements(regions, result):
            if winners[index] == position:
                x[which + place] += g[index]
    return x


def at(place: Place) -> Any:
    """An index of all images at once."""
    return (..., *place)


def sums(x: Any, regions: Regions) -> Array:
    leading = x.shape[: x.ndim - len(regions.output)]
    y = np.zeros((*leading, *regions.output), x.dtype)
    for result in np.ndindex(regions.output):
        for _, place in elements(regions, result):
            y[at(result)] += x[at(place)]
    return y


def spread(g: Array, regions: Regions) -> Array:
    leading = g.shape[: g.ndim - len(regions.output)]
    x: Array = np.zeros((*leading, *regions.spatial), g.dtype)
    for result in np.ndindex(regions.output):
        for _, place in elements(regions, result):
            x[at(place)] += g[at(result)]
    return x


def mean(x: Array, regions: Regions, divisor: Any) -> Array:
    y: Array = sums(x, regions) / np.asarray(divisor)
    return y.astype(x.dtype)


def resize(x: Array, resizing: Resizing) -> Array:
    """A product with a matrix along each axis."""
    return _by_matrices(x, [_matrix(band) for band in resizing.bands])


def resize_adjoint(g: Array, resizing: Resizing) -> Array:
    return _by_matrices(g, [_matrix(band).T for band in resizing.bands])


def _matrix(band: Band) -> Array:
    full = np.zeros((len(band.first), band.length))
    for o, (first, count) in enumerate(zip(band.first, band.count, strict=True)):
        full[o, first : first + count] = 1 if band.weights is None else band.weights[o, :count]
    return full


def _by_matrices(x: Array, matrices: list[Array]) -> Array:
    for axis, matrix in enumerate(matrices, x.ndim - len(matrices)):
        x = np.moveaxis(np.tensordot(x, matrix.astype(x.dtype), (axis, 1)), -1, axis)
    return x
