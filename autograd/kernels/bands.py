"""Linear maps along one axis in which each result sees a few neighbours: sums, interpolation, and their adjoints.

    y[o] = Σ weights[o, k] x[first[o] + k]   for k below count[o]

As a matrix this is a band around the diagonal, and so is its transpose. A map of several axes is one along each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .buffers import empty
from .jit import enabled, jit, readable
from .layout import is_channels_last, pixels, planes
from .threads import split

__all__ = ["Band", "along_axes"]

_WORTHWHILE = 1024  # numbers; for less Numba need not be loaded
_GRAIN = 1 << 16  # numbers that one thread takes at once
_NO_WEIGHTS = np.empty((0, 0))


@dataclass(frozen=True, eq=False)
class Band:
    """The matrix of a map; first and first + count do not fall from one result to the next."""

    length: int
    """Of x; that of y is the length of the tables."""
    first: NDArray[np.intp]
    count: NDArray[np.intp]
    weights: NDArray[np.float64] | None = None
    """(length of y, largest count); None if all are 1."""

    @cached_property
    def adjoint(self) -> Band:
        """The transposed matrix."""
        elements = np.arange(self.length)
        first = np.searchsorted(self.first + self.count, elements, "right")
        count = np.maximum(np.searchsorted(self.first, elements, "right") - first, 0)
        if self.weights is None:
            return Band(len(self.first), first, count)
        o, k = np.nonzero(np.arange(self.weights.shape[1]) < self.count[:, None])
        seen = self.first[o] + k
        weights = np.zeros((self.length, max(count, default=0)))
        weights[seen, o - first[seen]] = self.weights[o, k]
        return Band(len(self.first), first, count, weights)


def along_axes(x: NDArray[Any], bands: Sequence[Band]) -> NDArray[Any]:
    """(..., *spatial) -> (..., *output): one map for each of the last axes."""
    if x.dtype == np.float16:
        return along_axes(x.astype(np.float32), bands).astype(np.float16)
    last = x.ndim == len(bands) + 2 and not x.flags.c_contiguous and is_channels_last(x)
    y = pixels(x) if last else x
    start = 1 if last else x.ndim - len(bands)
    for i in sorted(range(len(bands)), key=lambda i: _turn(i, bands[i])):
        y = _along_axis(y, start + i, bands[i])
    return planes(y) if last else y


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py)."""
    band = Band(2, np.arange(2), np.ones(2, np.intp))
    for shape in ((_WORTHWHILE, 2), (2, _WORTHWHILE)):
        _along_axis(np.ones(shape, dtype), shape.index(2), band)


def _turn(i: int, band: Band) -> tuple[float, int]:
    """Maps that make x smaller come first; of those, and last of those that make it larger, the one on long rows."""
    growth = len(band.first) / max(band.length, 1)
    return growth, i if growth <= 1 else -i


def _along_axis(x: NDArray[Any], axis: int, band: Band) -> NDArray[Any]:
    if not (x.size >= _WORTHWHILE and x.dtype.char in "fd" and x.dtype.isnative and x.flags.aligned and enabled()):
        return _reference(x, axis, band)
    before, after = prod(x.shape[:axis]), prod(x.shape[axis + 1 :])
    weights = readable((_NO_WEIGHTS if band.weights is None else band.weights).astype(x.dtype, copy=False))
    tables = readable(band.first), readable(band.count), weights
    source = readable(np.ascontiguousarray(x).reshape(before, band.length, after))
    y = empty((*x.shape[:axis], len(band.first), *x.shape[axis + 1 :]), x.dtype)
    target = y.reshape(before, len(band.first), after)
    if after == 1:
        split(_lines, before, source[..., 0], *tables, target[..., 0], grain=max(_GRAIN // band.length, 1))
    else:
        rows = before * len(band.first)
        split(_rows, rows, source, *tables, target, grain=max(_GRAIN * rows // x.size, 1))
    return y


def _reference(x: NDArray[Any], axis: int, band: Band) -> NDArray[Any]:
    """A step for each neighbour, in any dtype and layout."""
    dtype = x.dtype if band.weights is None else np.result_type(x.dtype, np.float32)
    y = np.zeros((*x.shape[:axis], len(band.first), *x.shape[axis + 1 :]), dtype)
    by_axis = np.moveaxis(y, axis, -1)
    for k in range(max(band.count, default=0)):
        [results] = np.nonzero(band.count > k)
        seen = np.moveaxis(x.take(band.first[results] + k, axis), axis, -1)
        by_axis[..., results] += seen if band.weights is None else seen * band.weights[results, k].astype(dtype)
    return y


@jit
def _rows(begin: int, end: int, x: Any, first: Any, count: Any, weights: Any, y: Any) -> None:
    """x (A, I, B) -> y (A, O, B), of the A O rows those from begin to end."""
    one = x.dtype.type(1)
    a, o = divmod(begin, y.shape[1])
    for _ in range(begin, end):
        total = y[a, o]
        if count[o] == 0:
            total[:] = 0
        for k in range(count[o]):
            seen = x[a, first[o] + k]
            weight = weights[o, k] if weights.size else one
            if k == 0:
                for b in range(total.size):
                    total[b] = weight * seen[b]
            else:
                for b in range(total.size):
                    total[b] += weight * seen[b]
        o += 1
        if o == y.shape[1]:
            a, o = a + 1, 0


@jit
def _lines(begin: int, end: int, x: Any, first: Any, count: Any, weights: Any, y: Any) -> None:
    """x (A, I) -> y (A, O), of the A rows those from begin to end."""
    for a in range(begin, end):
        line = x[a]
        for o in range(first.size):
            total = x.dtype.type(0)
            if weights.size:
                for k in range(count[o]):
                    total += weights[o, k] * line[first[o] + k]
            else:
                for k in range(count[o]):
                    total += line[first[o] + k]
            y[a, o] = total
