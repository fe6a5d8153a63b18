"""Putting arrays together and taking them apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..errors import DTypeError, ShapeError
from ..primitive import primitive
from .comparing import shape as shape_of
from .shaping import atleast_1d, atleast_2d, atleast_3d, expand_dims, reshape

__all__ = [
    "append", "array_split", "column_stack", "concat", "concatenate", "dsplit", "dstack", "hsplit", "hstack", "split",
    "stack", "vsplit", "vstack",
]  # fmt: skip


Casting: TypeAlias = Literal["no", "equiv", "safe", "same_kind", "unsafe"]


def concatenate(
    arrays: Sequence[Any], axis: int | None = 0, *, dtype: Any = None, casting: Casting = "same_kind"
) -> Any:
    """Arrays joined along an axis that they have, or raveled first (axis=None).

    Raises:
        TypeError: a conversion to `dtype` that `casting` does not allow.
    """
    if dtype is not None:
        arrays = [_converted(_array(x), np.dtype(dtype), casting) for x in arrays]
    if axis is None:
        arrays, axis = [reshape(x, -1) for x in arrays], 0
    shapes = [shape_of(x) for x in arrays]
    ends = tuple(accumulate(shape[axis] for shape in shapes if -len(shape) <= axis < len(shape)))
    return _concatenate(*arrays, axis=axis, ends=ends)


def _converted(x: Any, dtype: Any, casting: Casting) -> Any:
    if not np.can_cast(x.dtype, dtype, casting):
        raise DTypeError(f"concatenate: {x.dtype} cannot become {dtype} with casting={casting!r}")
    return x.astype(dtype)


@primitive
def _concatenate(*arrays: Any, axis: int = 0, ends: tuple[int, ...] = ()) -> Any:
    return np.concatenate(arrays, axis)


def _part(i: int, g: Any, _y: Any, *_arrays: Any, axis: int, ends: tuple[int, ...]) -> Any:
    axis = axis % g.ndim
    return g[(slice(None),) * axis + (slice(ends[i - 1] if i else 0, ends[i]),)]


_concatenate.defvjp(_part)
concat = concatenate


def stack(arrays: Sequence[Any], axis: int = 0, *, dtype: Any = None, casting: Casting = "same_kind") -> Any:
    """Arrays of one shape joined along a new axis."""
    arrays = list(arrays)
    shapes = {shape_of(x) for x in arrays}
    if len(shapes) > 1:
        raise ShapeError(f"stack: all arrays must have the same shape, got {sorted(shapes)}")
    return concatenate([expand_dims(_array(x), axis) for x in arrays], axis, dtype=dtype, casting=casting)


def _array(x: Any) -> Any:
    return x if hasattr(x, "reshape") else np.asarray(x)


def vstack(tup: Sequence[Any], *, dtype: Any = None, casting: Casting = "same_kind") -> Any:
    """Arrays, as rows at least, joined along the first axis."""
    return concatenate([atleast_2d(_array(x)) for x in tup], 0, dtype=dtype, casting=casting)


def hstack(tup: Sequence[Any], *, dtype: Any = None, casting: Casting = "same_kind") -> Any:
    """Arrays joined along the second axis, vectors along their only one."""
    arrays = [atleast_1d(_array(x)) for x in tup]
    return concatenate(arrays, 0 if arrays and arrays[0].ndim == 1 else 1, dtype=dtype, casting=casting)


def dstack(tup: Sequence[Any]) -> Any:
    """Arrays joined along the third axis."""
    return concatenate([atleast_3d(_array(x)) for x in tup], 2)


def column_stack(tup: Sequence[Any]) -> Any:
    """Vectors as the columns of a matrix."""
    arrays = [_array(x) for x in tup]
    return concatenate([x.reshape(-1, 1) if x.ndim < 2 else x for x in arrays], 1)


def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """`values` joined to the end of `arr`, both raveled unless an axis is given."""
    return concatenate([_array(arr), _array(values)], axis)


def array_split(ary: Any, indices_or_sections: int | Sequence[int], axis: int = 0) -> list[Any]:
    """Parts along an axis: a number of nearly equal ones, or cut before each index."""
    axis = normalize_axis_index(axis, ary.ndim)
    indices_or_sections = np.asarray(indices_or_sections).tolist()  # np.array_split of a tensor would lead back here
    parts = np.array_split(np.arange(ary.shape[axis]), indices_or_sections)
    starts = [0, *accumulate(len(part) for part in parts)]
    if not isinstance(indices_or_sections, int):
        starts = [0, *indices_or_sections]  # negative indices and overlaps are NumPy's slices
        stops: list[int | None] = [*indices_or_sections, None]
    else:
        stops = list(starts[1:])
    return [ary[(slice(None),) * axis + (slice(start, stop),)] for start, stop in zip(starts, stops, strict=False)]


def split(ary: Any, indices_or_sections: int | Sequence[int], axis: int = 0) -> list[Any]:
    """As array_split, but a number of parts must divide the axis."""
    indices_or_sections = np.asarray(indices_or_sections).tolist()
    if isinstance(indices_or_sections, int) and ary.shape[axis] % indices_or_sections:
        raise ShapeError(
            f"split: axis {axis} of size {ary.shape[axis]} cannot be cut into {indices_or_sections} equal parts"
        )
    return array_split(ary, indices_or_sections, axis)


def hsplit(ary: Any, indices_or_sections: int | Sequence[int]) -> list[Any]:
    """Split along the second axis, a vector along its only one."""
    return split(ary, indices_or_sections, 0 if ary.ndim == 1 else 1)


def vsplit(ary: Any, indices_or_sections: int | Sequence[int]) -> list[Any]:
    """Split along the first axis."""
    return split(ary, indices_or_sections, 0)


def dsplit(ary: Any, indices_or_sections: int | Sequence[int]) -> list[Any]:
    """Split along the third axis."""
    return split(ary, indices_or_sections, 2)
