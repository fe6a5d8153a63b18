"""Rearranging elements without changing them. Each operation's rule is the rearrangement back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from ..broadcasting import sum_to
from ..kernels.layout import unwound
from ..primitive import primitive
from ..views import viewing
from .selecting import where

__all__ = [
    "astype", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_to", "copy", "expand_dims", "flip", "fliplr",
    "flipud", "matrix_transpose", "moveaxis", "permute_dims", "ravel", "repeat", "reshape", "roll", "rollaxis",
    "rot90", "squeeze", "swapaxes", "tile", "transpose", "tril", "triu",
]  # fmt: skip

Axes = int | Sequence[int] | None


@viewing
@primitive
def reshape(x: Any, shape: int | Sequence[int] = (-1,), order: str = "C") -> Any:
    """The elements of x in another shape; -1 stands for what is left.

    Raises:
        ValueError: another order than C and F.
    """
    if order not in ("C", "F"):  # "A" and "K" depend on how x lies in memory, which the gradient does not know
        raise ValueError(f"reshape: expected order 'C' or 'F', got {order!r}")
    if order == "C" and x.ndim > 2 and not x.flags.c_contiguous and not _keeps_channels(x, shape):
        x = unwound(x)
    return x.reshape(shape, order=order)


def _keeps_channels(x: Any, shape: int | Sequence[int]) -> bool:
    """Whether the first two axes stay apart from each other and from the rest: then channels may lie last as before."""
    sizes = np.empty(x.shape, bool).reshape(shape).shape
    return {x.shape[0], x.shape[0] * x.shape[1]} <= {1, *map(int, np.cumprod(sizes))}


reshape.defvjp(lambda g, _y, _x, shape, order: reshape(g, _x.shape, order))


def ravel(x: Any, order: str = "C") -> Any:
    """All elements on one axis: a view of x if they lie side by side, else a copy."""
    y = reshape(x, (-1,), order)
    array = getattr(y, "_data", y)
    return copy(y) if isinstance(array, np.ndarray) and not array.flags.c_contiguous else y


@viewing
@primitive
def transpose(x: Any, axes: Sequence[int] | None = None) -> Any:
    """The axes in another order; reversed by default."""
    return np.transpose(x, axes)


transpose.defvjp(lambda g, _y, _x, axes: transpose(g, None if axes is None else np.argsort(np.mod(axes, g.ndim))))
permute_dims = transpose


def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    """Two axes exchanged."""
    order = list(range(x.ndim))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return transpose(x, tuple(order))


def _moved(x: Any, source: Axes, destination: Axes) -> tuple[int, ...]:
    """The order of axes that np.moveaxis gives, read off an array whose sizes say where each axis went."""
    return np.moveaxis(np.empty(range(x.ndim)), source, destination).shape  # type: ignore[arg-type]


def moveaxis(x: Any, source: Axes, destination: Axes) -> Any:
    """Some axes moved to other positions."""
    return transpose(x, _moved(x, source, destination))


def rollaxis(x: Any, axis: int, start: int = 0) -> Any:
    """One axis rolled back until it lies before `start`."""
    return transpose(x, np.rollaxis(np.empty(range(x.ndim)), axis, start).shape)


def matrix_transpose(x: Any) -> Any:
    """The last two axes exchanged."""
    return swapaxes(x, -1, -2)


def squeeze(x: Any, axis: int | tuple[int, ...] | None = None) -> Any:
    """Without the axes of size 1, or those given."""
    return reshape(x, np.squeeze(np.empty(x.shape, bool), axis).shape)


def expand_dims(x: Any, axis: int | tuple[int, ...]) -> Any:
    """With new axes of size 1 at these positions of the result."""
    return reshape(x, np.expand_dims(np.empty(x.shape, bool), axis).shape)


def _atleast(name: str) -> Any:
    function = getattr(np, name)

    def operation(*arrays: Any) -> Any:
        made = tuple(reshape(x, function(np.empty(np.shape(x), bool)).shape) for x in arrays)
        return made[0] if len(made) == 1 else made

    operation.__name__ = operation.__qualname__ = name
    operation.__doc__ = f"With at least {name[8]} axes, the new ones of size 1 placed as NumPy does."
    return operation


atleast_1d = _atleast("atleast_1d")
atleast_2d = _atleast("atleast_2d")
atleast_3d = _atleast("atleast_3d")


@partial(viewing, read_only=True)
@primitive
def broadcast_to(x: Any, shape: int | tuple[int, ...] = ()) -> Any:
    """x stretched to a larger shape by NumPy's broadcasting rules."""
    return np.broadcast_to(x, shape)


broadcast_to.defvjp(lambda g, _y, _x, shape: sum_to(g, _x.shape))


@primitive
def copy(x: Any, order: str = "K") -> Any:
    """The same values in memory of their own."""
    return np.array(x, order=order, copy=True)  # type: ignore[call-overload]


copy.defvjp(lambda g, _y, _x, order: g)


@primitive
def _converted(x: Any, dtype: Any = None) -> Any:
    return x.astype(dtype)


_converted.defvjp(lambda g, _y, _x, dtype: g)  # the walk converts g to the dtype of x


def astype(x: Any, dtype: Any, /, *, copy: bool = True) -> Any:
    """The values in another dtype. A conversion to integers or booleans is a constant."""
    kind = np.dtype(dtype).kind
    if kind not in "fc" and hasattr(x, "detach"):
        x = x.detach()
    return x if not copy and x.dtype == dtype else _converted(x, np.dtype(dtype))


def flip(x: Any, axis: Axes = None) -> Any:
    """The order of elements reversed along some axes, by default all."""
    axes = range(x.ndim) if axis is None else np.lib.array_utils.normalize_axis_tuple(axis, x.ndim)
    return x[tuple(slice(None, None, -1) if i in axes else slice(None) for i in range(x.ndim))]


def flipud(x: Any) -> Any:
    """Reversed along the first axis."""
    return flip(x, 0)


def fliplr(x: Any) -> Any:
    """Reversed along the second axis."""
    return flip(x, 1)


def _rearranged(x: Any, positions: np.ndarray[Any, Any]) -> Any:
    """The elements of x at these positions of the raveled x."""
    return reshape(x, (-1,))[positions]


def _positions(x: Any) -> np.ndarray[Any, Any]:
    return np.arange(x.size).reshape(x.shape)


def roll(x: Any, shift: int | Sequence[int], axis: Axes = None) -> Any:
    """Elements moved along an axis; those that leave at the end return at the beginning."""
    return _rearranged(x, np.roll(_positions(x), shift, axis))


def rot90(x: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    """A plane of axes turned by k quarter turns."""
    return _rearranged(x, np.rot90(_positions(x), k, axes))


def tile(x: Any, reps: int | Sequence[int]) -> Any:
    """x laid out repeatedly along each axis."""
    return _rearranged(x, np.tile(_positions(x), np.asarray(reps)))  # np.tile of a tensor would lead back here


def repeat(x: Any, repeats: Any, axis: int | None = None) -> Any:
    """Each element repeated, along an axis or raveled."""
    return _rearranged(x, np.repeat(_positions(x), repeats, axis))


def _triangle(x: Any, k: int) -> np.ndarray[Any, Any]:
    rows, columns = x.shape[-2:] if x.ndim > 1 else (x.size, x.size)  # a vector is taken for all rows of a square
    return np.tri(rows, columns, k, dtype=bool)


def tril(x: Any, k: int = 0) -> Any:
    """The lower triangle; zero above the k-th diagonal of the last two axes."""
    return where(_triangle(x, k), x, x.dtype.type(0))


def triu(x: Any, k: int = 0) -> Any:
    """The upper triangle; zero below the k-th diagonal of the last two axes."""
    return where(_triangle(x, k - 1), x.dtype.type(0), x)
