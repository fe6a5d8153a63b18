"""Normalising channels, one or the other way that they lie in memory, in passes with a few numbers for each channel.

What is far from 0 is first brought near it by `centre`, the mean rounded to the type of x; what the rest of the mean
does is worked out in float64 for the channel as a whole. So no digits are lost, and elements are not widened.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..buffers import empty
from ..jit import readable
from ..sharing import board, helpers
from .layouts import BLOCK, Channels

__all__ = ["gradients", "moments", "normalize"]

_SHARED = 1 << 15  # numbers from which it pays to share them with other threads
_GRAIN = 1 << 13  # numbers, at least, that one thread takes at once


def moments(x: NDArray[Any], layout: Channels, centred: bool) -> NDArray[np.float64]:
    """Mean and variance, (2, channels). What is squared is the distance from a first number."""
    table = _table(x, layout)
    shift = _first(table, layout) if centred else np.zeros(layout.count, x.dtype)
    total, squares = _summed("sums", layout, np.float64, table, *_numbers(layout, x, shift)) / layout.members
    if not centred:
        return np.stack([np.zeros_like(total), squares])
    return np.stack([shift + total, np.maximum(squares - total * total, 0)])


def normalize(
    x: NDArray[Any], weight: Any, bias: Any, moments: NDArray[Any], eps: float, layout: Channels
) -> NDArray[Any]:
    """(x - mean) · factor + bias, with factor = weight / √(variance + eps)."""
    mean, variance = moments.reshape(2, layout.count)
    factor = _vector(weight) / np.sqrt(variance + eps)
    centre = mean.astype(x.dtype)
    offset = _vector(bias) - (mean - centre) * factor
    y = _empty_like(x, layout)
    _share("scale", layout, _table(x, layout), *_numbers(layout, x, centre, factor, offset), _table(y, layout))
    return y


def gradients(
    g: NDArray[Any], x: NDArray[Any], weight: Any, moments: NDArray[Any], eps: float, centred: bool, layout: Channels
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """factor · (g - mean(g) - h mean(g h)) with h the normalised x; Σ g h and Σ g."""
    mean, variance = moments.reshape(2, layout.count)
    scale = 1 / np.sqrt(variance + eps)
    factor = _vector(weight) * scale
    centre = mean.astype(x.dtype)
    rest = mean - centre
    tables = _table(g, layout), _table(x, layout)
    total, along = _summed("products", layout, x.dtype, *tables, *_numbers(layout, x, centre))
    along = (along - rest * total) * scale  # Σ g h
    slope = factor * along * scale / layout.members
    offset = (factor * total / layout.members if centred else 0) - rest * slope
    gx = _empty_like(x, layout)
    _share("pull", layout, *tables, *_numbers(layout, x, centre, factor, offset, slope), _table(gx, layout))
    return gx, along, total


@cache
def _kernels(columns: bool) -> Any:
    """The module that has them, imported when it is first needed, for it needs Numba."""
    return import_module(".columns" if columns else ".planes", __package__)


def _share(kernel: str, layout: Channels, *arguments: NDArray[Any]) -> None:
    """The last argument is written to. Ranges are whole blocks."""
    rows, length = layout.shape
    expected = helpers() if rows * length >= _SHARED else 0
    grain = max(-(-rows // 63), -(-_GRAIN // length))
    if layout.columns:
        grain += -grain % BLOCK
    *read, written = arguments
    getattr(_kernels(layout.columns), kernel)(board, expected, rows, grain, *map(readable, read), written)


def _summed(kernel: str, layout: Channels, dtype: Any, *arguments: NDArray[Any]) -> NDArray[np.float64]:
    """Both sums of each channel, (2, channels), of those of parts."""
    rows, length = layout.shape
    sums: NDArray[Any] = np.zeros((-(-rows // BLOCK), 2, length), dtype) if layout.columns else np.empty((2, rows))
    _share(kernel, layout, *arguments, sums)
    of_parts = sums.sum(0, np.float64) if layout.columns else sums
    total: NDArray[np.float64] = of_parts.reshape(2, -1, layout.count).sum(1)
    return total


def _table(x: NDArray[Any], layout: Channels) -> NDArray[Any]:
    """x in rows."""
    ordered = x.transpose(layout.order)
    return (ordered if ordered.flags.c_contiguous else np.ascontiguousarray(ordered)).reshape(layout.shape)


def _first(table: NDArray[Any], layout: Channels) -> NDArray[Any]:
    """The first number of each channel."""
    return table[0, : layout.count] if layout.columns else table[: layout.count, 0]


def _vector(parameter: Any) -> Any:
    """A number for each channel, or one for all."""
    return parameter.reshape(-1) if isinstance(parameter, np.ndarray) else parameter


def _numbers(layout: Channels, x: NDArray[Any], *vectors: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """In the type of x; for columns, as often as rows lie side by side."""
    times = layout.shape[1] // layout.count if layout.columns else 1
    for vector in vectors:
        numbers = np.empty((times, layout.count), x.dtype)
        numbers[:] = vector
        yield numbers.reshape(-1)


def _empty_like(x: NDArray[Any], layout: Channels) -> NDArray[Any]:
    """With the axes in the same order in memory."""
    if x.flags.c_contiguous:
        return empty(x.shape, x.dtype)
    shape = tuple(x.shape[i] for i in layout.order)
    return empty(shape, x.dtype).transpose(np.argsort(layout.order))
