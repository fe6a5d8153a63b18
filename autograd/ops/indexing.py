"""Indexing and its adjoint: `getitem` reads elements, `scatter_add` adds values into an array of zeros."""

from __future__ import annotations

from functools import partial
from operator import index as as_integer, is_
from typing import Any

import numpy as np

from ..errors import ShapeError
from ..primitive import primitive
from ..tensor import Tensor
from ..views import View, viewing
from .shaping import moveaxis

__all__ = ["diag", "diagonal", "getitem", "scatter_add", "take", "take_along_axis", "trace"]


def plain(index: Any) -> Any:
    """An index of numbers, slices and arrays alone, which are copies where the caller may change them later."""
    if not isinstance(index, tuple):
        return _part(index)
    parts = tuple(map(_part, index))
    return index if all(map(is_, parts, index)) else parts


def _part(part: Any) -> Any:
    if isinstance(part, slice):
        start, stop, step = part.start, part.stop, part.step
        tensors = isinstance(start, Tensor) or isinstance(stop, Tensor) or isinstance(step, Tensor)
        return slice(*(None if end is None else as_integer(end) for end in (start, stop, step))) if tensors else part
    if part is None or part is Ellipsis or isinstance(part, (int, np.integer)):
        return part
    if isinstance(part, Tensor):
        return part._frozen()
    array = np.array(part)
    array.setflags(write=False)
    return array if array.size or isinstance(part, np.ndarray) else array.astype(np.intp)  # NumPy takes x[[]]


def names_each_once(index: Any) -> bool:
    """Whether an index cannot name one element twice: no integer arrays in it."""
    parts = index if isinstance(index, tuple) else (index,)
    return not any(isinstance(part, np.ndarray) and part.dtype != bool for part in parts)


def getitem(x: Any, index: Any) -> Any:
    """x[index], with any index that NumPy takes."""
    return _getitem(x, plain(index))


@viewing
@primitive
def _getitem(x: Any, index: Any = ()) -> Any:
    return x[index]


def shows_item(view: View, index: Any) -> bool:
    """Whether a view is that of its base at an index: the same object, as Python calls for `x[index] += v`."""
    return view.operation is _getitem.__wrapped__ and view.args[0] is index  # type: ignore[attr-defined]


def scatter_add(values: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of a shape, with `values` added at an index; values for the same element add up."""
    return _scatter_add(values, plain(index), shape)


@primitive
def _scatter_add(values: Any, index: Any = (), shape: tuple[int, ...] = ()) -> Any:
    y = np.zeros(shape, values.dtype)
    if names_each_once(index):
        y[index] = values
    else:
        np.add.at(y, index, values)
    return y


_getitem.defvjp(lambda g, _y, _x, index: _scatter_add(g, index, _x.shape))
_scatter_add.defvjp(lambda g, _y, _x, index, shape: _getitem(g, index))


def take(x: Any, indices: Any, axis: int | None = None, mode: str = "raise") -> Any:
    """Elements at integer positions along an axis, or of the raveled x; those outside raise, or `wrap`, or are clipped.

    Raises:
        IndexError: a position outside, with mode "raise".
        ValueError: another mode than "raise", "wrap" and "clip".
    """
    if axis is None:
        x, axis = x.reshape(-1), 0
    axis = np.lib.array_utils.normalize_axis_index(axis, x.ndim)
    if isinstance(indices, Tensor):
        indices = indices.numpy()
    if mode != "raise":
        indices = np.take(np.arange(x.shape[axis]), indices, mode=mode)  # type: ignore[call-overload]
    before = (slice(None),) * axis
    if np.ndim(indices) == 0:  # one number would index a view, and np.take copies
        return getitem(getitem(x, (*before, np.reshape(indices, 1))), (*before, 0))
    return getitem(x, (*before, indices))


def take_along_axis(x: Any, indices: Any, axis: int | None = -1) -> Any:
    """Elements at positions along an axis that differ from line to line, as np.argsort gives them."""
    indices = indices.numpy() if isinstance(indices, Tensor) else np.asarray(indices)
    if axis is None:
        return getitem(x.reshape(-1), indices)
    axis = np.lib.array_utils.normalize_axis_index(axis, x.ndim)
    lines = list(np.ogrid[tuple(slice(size) for size in indices.shape)])
    lines = [np.zeros_like(line) if x.shape[i] == 1 else line for i, line in enumerate(lines)]
    lines[axis] = indices
    return getitem(x, tuple(lines))


@partial(viewing, read_only=True)
def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The diagonal of the plane of two axes, as a new last axis."""
    x = moveaxis(x, (axis1, axis2), (-2, -1))
    rows, columns = x.shape[-2:]
    length = max(min(rows + min(offset, 0), columns - max(offset, 0)), 0)
    along = np.arange(length)
    return getitem(x, (..., along - min(offset, 0), along + max(offset, 0)))


def diag(x: Any, k: int = 0) -> Any:
    """The k-th diagonal of a matrix, or the matrix with a vector on its k-th diagonal."""
    if x.ndim == 2:
        return diagonal(x, k)
    if x.ndim != 1:
        raise ShapeError(f"diag: expected a vector or a matrix, got shape {x.shape}")
    along = np.arange(x.size)
    side = x.size + abs(k)
    return scatter_add(x, (along - min(k, 0), along + max(k, 0)), (side, side))


def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Any:
    """The sum of the diagonal of two axes."""
    return diagonal(x, offset, axis1, axis2).sum(axis=-1, dtype=dtype)
