"""Elements taken out, put in, and rearranged by position: insert, delete, resize, compress, block and their like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..constants import plain
from ..errors import ShapeError
from .creating import asarray
from .indexing import diag, getitem, take
from .joining import concatenate, stack
from .shaping import broadcast_to, expand_dims, moveaxis, reshape

__all__ = [
    "apply_along_axis", "apply_over_axes", "block", "compress", "delete", "diagflat", "extract", "insert", "resize",
    "trim_zeros", "unstack",
]  # fmt: skip


def _positions(x: Any, axis: int) -> Any:
    return np.arange(x.shape[axis])


def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    """Without the elements at some positions along an axis, or of the raveled array."""
    x, axis = _lined_up(arr, axis)
    return take(x, np.delete(_positions(x, axis), plain(obj)), axis)


def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """With values put in before some positions along an axis, or of the raveled array; they get the dtype of `arr`."""
    x, axis = _lined_up(arr, axis)
    size = x.shape[axis]
    places = np.insert(_positions(x, axis), plain(obj), -1)  # where each element comes from, -1 for the new ones
    new = places == -1
    values = asarray(values).astype(x.dtype)
    if np.ndim(plain(obj)) == 0 and not isinstance(obj, slice):  # one position takes all that stands along the axis
        values = moveaxis(reshape(values, (1,) * (x.ndim - values.ndim) + values.shape), 0, axis)
        new_size = values.shape[axis]
        at = int(np.flatnonzero(new)[0])
        places = np.concatenate((places[:at], np.arange(size, size + new_size), places[at + 1 :]))
    else:
        new_size = int(new.sum())
        places[new] = np.arange(size, size + new_size)
    shape = tuple(new_size if i == axis else n for i, n in enumerate(x.shape))
    return take(concatenate((x, broadcast_to(values, shape)), axis), places, axis)


def _lined_up(arr: Any, axis: int | None) -> tuple[Any, int]:
    """The array and the axis that is meant; None ravels."""
    x = asarray(arr)
    if axis is None:
        return reshape(x, -1), 0
    return x, normalize_axis_index(axis, x.ndim)


def compress(condition: Any, a: Any, axis: int | None = None) -> Any:
    """The slices along an axis, or the elements of the raveled array, where a condition holds."""
    x, axis = _lined_up(a, axis)
    return take(x, np.compress(plain(condition), np.arange(x.shape[axis])), axis)


def extract(condition: Any, arr: Any) -> Any:
    """The elements where a condition holds, as a vector."""
    return take(asarray(arr), np.flatnonzero(plain(condition)))


def resize(a: Any, new_shape: Any) -> Any:
    """The elements in another shape, repeated in order, or cut off, as needed."""
    x = asarray(a)
    if x.size == 0:
        return broadcast_to(x.sum(), new_shape)  # zeros, as NumPy's
    return getitem(reshape(x, -1), np.resize(np.arange(x.size), new_shape))


def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    """Without the zeros at the front ("f") and the back ("b") of each axis."""
    x = asarray(filt)
    axes = range(x.ndim) if axis is None else normalize_axis_tuple(axis, x.ndim)
    if unknown := set(trim.lower()) - {"f", "b"}:
        raise ValueError(f"trim_zeros: expected 'f' and 'b' in trim, got {trim!r}, with {', '.join(sorted(unknown))}")
    cut = [slice(None)] * x.ndim
    kept = np.nonzero(plain(x))
    for i in axes:
        first, last = (kept[i].min(), kept[i].max() + 1) if kept[i].size else (0, 0)
        cut[i] = slice(
            first if "f" in trim.lower() or not last else None, last if "b" in trim.lower() or not last else None
        )
    return getitem(x, tuple(cut))


def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    """The parts along an axis, without it."""
    if np.ndim(plain(x)) == 0:
        raise ValueError("unstack: expected an array with at least one axis, got a 0-d one")
    return tuple(moveaxis(x, axis, 0))


def diagflat(v: Any, k: int = 0) -> Any:
    """A matrix with the raveled elements on its k-th diagonal."""
    return diag(reshape(asarray(v), -1), k)


def block(arrays: Any) -> Any:
    """An array from nested lists of blocks: the innermost joined along the last axis, the next along the last but one.

    Raises:
        ValueError: lists nested to different depths, or empty.
    """
    depth = _depth(arrays)
    ndim = np.max([depth, *(x.ndim for x in _leaves(arrays))])
    return _joined(arrays, depth, int(ndim))


def _leaves(arrays: Any) -> list[Any]:
    return [leaf for part in arrays for leaf in _leaves(part)] if isinstance(arrays, list) else [asarray(arrays)]


def _depth(arrays: Any) -> int:
    if not isinstance(arrays, list):
        return 0
    depths = {_depth(part) for part in arrays}
    if len(depths) != 1:
        raise ValueError("block: expected lists nested to one depth, and none empty")
    return 1 + depths.pop()


def _joined(arrays: Any, depth: int, ndim: int) -> Any:
    if depth == 0:
        x = asarray(arrays)
        return reshape(x, (1,) * (ndim - x.ndim) + x.shape)
    return concatenate([_joined(part, depth - 1, ndim) for part in arrays], ndim - depth)


def apply_along_axis(func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """func1d of each vector along an axis; what it returns stands in that axis' place.

    Raises:
        ShapeError: the results have different shapes; an axis is empty.
    """
    x = asarray(arr)
    axis = normalize_axis_index(axis, x.ndim)
    last = moveaxis(x, axis, -1)
    others = last.shape[:-1]
    if 0 in others:
        raise ShapeError(f"apply_along_axis: there is no vector along axis {axis} of shape {x.shape}")
    results = [asarray(func1d(last[place], *args, **kwargs)) for place in np.ndindex(others)]
    y = stack(results)
    y = reshape(y, others + y.shape[1:])
    into = y.ndim - len(others)
    return moveaxis(y, tuple(range(len(others), y.ndim)), tuple(range(axis, axis + into)))


def apply_over_axes(func: Callable[[Any, int], Any], a: Any, axes: int | Sequence[int]) -> Any:
    """func(x, axis) applied along each axis in turn; axes that it reduces are kept with size 1.

    Raises:
        ValueError: a result with an impossible number of axes.
    """
    x = asarray(a)

    def apply(x: Any, axis: int) -> Any:
        y = func(x, axis)
        if y.ndim == x.ndim - 1:
            y = expand_dims(y, axis)
        if y.ndim != x.ndim:
            raise ValueError(f"apply_over_axes: the function made {y.ndim} axes of {x.ndim} along axis {axis}")
        return y

    return reduce(apply, (normalize_axis_index(axis, x.ndim) for axis in np.atleast_1d(axes).tolist()), x)
