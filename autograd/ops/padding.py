"""np.pad in all its modes. Each axis is padded in turn, the later ones with what the earlier ones added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..primitive import primitive
from .extrema import max, min
from .indexing import take
from .joining import concatenate
from .quantiles import median
from .reducing import mean
from .shaping import broadcast_to

__all__ = ["pad"]

_OPTIONS: dict[str, dict[str, Any]] = {
    "constant": {"constant_values": 0},
    "edge": {},
    "linear_ramp": {"end_values": 0},
    "maximum": {"stat_length": None},
    "mean": {"stat_length": None},
    "median": {"stat_length": None},
    "minimum": {"stat_length": None},
    "reflect": {"reflect_type": "even"},
    "symmetric": {"reflect_type": "even"},
    "wrap": {},
    "empty": {},
}
_STATISTICS: dict[str, Any] = {"maximum": max, "mean": mean, "median": median, "minimum": min}

Pairs = tuple[tuple[Any, Any], ...]


def pad(array: Any, pad_width: Any, mode: str = "constant", **options: Any) -> Any:
    """x with a border, as np.pad makes it; `empty` makes a border of zeros.

    Raises:
        ValueError: an unknown mode, a negative width, an empty axis that has nothing to repeat.
        TypeError: an option that the mode does not have, or a function for a mode.
    """
    if not isinstance(mode, str):
        raise TypeError("pad: a function as mode writes in place and has no derivative; join borders with concatenate")
    if mode not in _OPTIONS:
        raise ValueError(f"pad: mode {mode!r} is not one of {', '.join(_OPTIONS)}")
    if unknown := set(options) - set(_OPTIONS[mode]):
        own = ", ".join(_OPTIONS[mode]) or "none"
        raise TypeError(f"pad: mode {mode!r} has no option {', '.join(sorted(unknown))}; its options: {own}")
    options = {**_OPTIONS[mode], **options}
    x = array if hasattr(array, "ndim") else np.asarray(array)
    widths = _widths(pad_width, x.ndim)
    if mode == "constant" or mode == "empty":
        return _padded(x, widths, options.get("constant_values", 0))
    for axis, (before, after) in enumerate(widths):
        if before == after == 0:
            continue
        if x.shape[axis] == 0:
            raise ValueError(f"pad: axis {axis} is empty, and mode {mode!r} has nothing to pad it with")
        x = _along(x, axis, before, after, mode, {name: _pairs(value, x.ndim)[axis] for name, value in options.items()})
    return x


def _along(x: Any, axis: int, before: int, after: int, mode: str, options: dict[str, Any]) -> Any:
    """x padded along one axis; each option is a pair, for before and after."""
    size = x.shape[axis]
    places = np.arange(-before, size + after)
    if mode == "edge":
        return take(x, places.clip(0, size - 1), axis)
    if mode == "wrap":
        return take(x, places % size, axis)
    if mode in ("reflect", "symmetric"):
        return _mirrored(x, axis, places, mode == "reflect", options["reflect_type"][0])
    edges = take(x, [0], axis), take(x, [size - 1], axis)
    if mode == "linear_ramp":
        ends = options["end_values"]
        ramps = (_ramp(ends[0], edges[0], before, axis), _ramp(ends[1], edges[1], after, axis, turned=True))
        return concatenate((ramps[0], x, ramps[1]), axis)
    parts = []
    for width, length, where in zip((before, after), options["stat_length"], ("first", "last"), strict=True):
        count = size if length is None else np.minimum(length, size)
        near = take(x, np.arange(count) if where == "first" else np.arange(size - count, size), axis)
        value = _STATISTICS[mode](near, axis=axis, keepdims=True)
        value = np.rint(value).astype(x.dtype) if x.dtype.kind in "iu" else value.astype(x.dtype)
        parts.append(broadcast_to(value, _with_size(x.shape, axis, width)))
    return concatenate((parts[0], x, parts[1]), axis)


def _mirrored(x: Any, axis: int, places: Any, once: bool, kind: str) -> Any:
    """x continued by mirror images, about its last element (once) or the border behind it.

    Odd images are turned about the edge: 2 · edge - image. Then each period adds 2 · (last - first).
    """
    size = x.shape[axis]
    period = np.maximum(2 * size - 2 * once, 1)
    laps, along = np.divmod(places, period)
    mirrored = along >= size
    y = take(x, np.where(mirrored, period - along - (not once), along) if size > 1 else along * 0, axis)
    if kind == "even":
        return y
    first, last = take(x, [0], axis), take(x, [size - 1], axis)
    sign, laps, mirrored = (
        np.expand_dims(array.astype(x.dtype), tuple(range(1, x.ndim - axis)))
        for array in (1 - 2 * mirrored, laps, mirrored)
    )
    return y * sign + 2 * last * mirrored + 2 * (last - first) * laps


def _ramp(end: Any, edge: Any, width: int, axis: int, turned: bool = False) -> Any:
    """From `end` to just before `edge`, or turned."""
    steps = np.arange(width)[::-1] if turned else np.arange(width)
    y = end + (edge - end) / np.maximum(width, 1) * np.expand_dims(steps, tuple(range(1, edge.ndim - axis)))
    return (np.floor(y) if edge.dtype.kind in "iu" else y).astype(edge.dtype)


def _with_size(shape: tuple[int, ...], axis: int, size: int) -> tuple[int, ...]:
    return tuple(size if i == axis else n for i, n in enumerate(shape))


def _widths(pad_width: Any, ndim: int) -> Pairs:
    """Before and after each axis; a dictionary names the axes that it means."""
    if isinstance(pad_width, dict):
        each: list[Any] = [(0, 0)] * ndim
        for axis, width in pad_width.items():
            each[normalize_axis_index(axis, ndim)] = (width, width) if np.ndim(width) == 0 else tuple(width)
        pad_width = each
    if np.asarray(pad_width).dtype.kind not in "iu" and np.size(pad_width):
        raise TypeError(f"pad: pad_width must be of integers, got {pad_width!r:.80}")
    widths = tuple((int(before), int(after)) for before, after in _pairs(pad_width, ndim))
    if any(width < 0 for pair in widths for width in pair):
        raise ValueError(f"pad: pad_width must not be negative, got {pad_width!r:.80}")
    return widths


def _pairs(values: Any, ndim: int) -> Pairs:
    """A value, a pair, or a pair for each axis, as a pair for each axis."""
    if isinstance(values, str) or values is None:
        return ((values, values),) * ndim
    return tuple((before, after) for before, after in np.broadcast_to(np.asarray(values), (ndim, 2)).tolist())


@primitive
def _padded(x: Any, widths: Sequence[tuple[int, int]] = (), constant_values: Any = 0) -> Any:
    return np.pad(x, widths or 0, constant_values=constant_values)  # (): no axes


_padded.defvjp(
    lambda g, _y, _x, widths, constant_values: g[
        tuple(slice(before, before + size) for (before, _), size in zip(widths, _x.shape, strict=True))
    ]
)
