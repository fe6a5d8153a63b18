"""x[index], whatever NumPy takes for an index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..batches import Repeated, Size
from ..building import Graph, Value
from ..errors import UnsupportedError
from .shaping import reshaped
from .table import emitter

__all__: list[str] = []

_LAST = np.iinfo(np.int64)


@emitter("embedding")
def _embedding(g: Graph, _y: Value, table: Value, rows: Value) -> str:
    return g.op("Gather", g.use(table), g.use(rows, np.int64), axis=0)


@emitter("getitem")
def _getitem(g: Graph, y: Value, x: Value, index: Any) -> str:
    """Slices first, then what takes elements, and last the new axes of size 1."""
    index = index if isinstance(index, tuple) else (index,)
    parts = _written_out(index, x.ndim)
    along = [part for part in parts if part is not None]
    name = _sliced(g, g.use(x), along)
    taken = {axis: np.asarray(part) for axis, part in enumerate(along) if not isinstance(part, slice)}
    if all(part.ndim == 0 for part in taken.values()):
        for axis in sorted(taken, reverse=True):
            name = g.op("Gather", name, g.constant(taken[axis], np.int64), axis=axis)
    elif len(taken) == 1:
        [(axis, positions)] = taken.items()
        name = g.op("Gather", name, g.constant(positions, np.int64), axis=axis)
    else:
        name = _gathered(g, name, x.ndim, taken, _side_by_side(index))
    return name if len(along) == len(parts) else reshaped(g, name, y.shape)


def _written_out(index: Sequence[Any], ndim: int) -> list[Any]:
    """A part for each axis, and None for each new one: no ellipsis, no booleans."""
    parts: list[Any] = []
    for part in index:
        if isinstance(part, Size | Repeated):
            raise UnsupportedError("takes elements at positions that depend on the size of the batch")
        if isinstance(part, np.ndarray) and part.dtype == bool:
            parts += np.nonzero(part)
        else:
            parts.append(part)
    left = [slice(None)] * (ndim - sum(part is not None and part is not Ellipsis for part in parts))
    at = next((i for i, part in enumerate(parts) if part is Ellipsis), len(parts))
    return [*parts[:at], *left, *parts[at + 1 :]]


def _sliced(g: Graph, name: str, parts: Sequence[Any]) -> str:
    slices = {axis: part for axis, part in enumerate(parts) if isinstance(part, slice) and part != slice(None)}
    if not slices:
        return name
    starts, ends, steps = [], [], []
    for part in slices.values():
        step = 1 if part.step is None else part.step
        steps.append(step)
        starts.append(part.start if part.start is not None else 0 if step > 0 else _LAST.max)
        ends.append(part.stop if part.stop is not None else _LAST.max if step > 0 else _LAST.min)
    return g.op("Slice", name, g.sizes(starts), g.sizes(ends), g.constant([*slices], np.int64), g.sizes(steps))


def _gathered(g: Graph, name: str, ndim: int, taken: dict[int, Any], in_place: bool) -> str:
    """Elements at positions along several axes, which come to the front unless they are side by side."""
    positions = np.stack(np.broadcast_arrays(*taken.values()), axis=-1)
    others = [axis for axis in range(ndim) if axis not in taken]
    name = g.op("Transpose", name, perm=[*taken, *others])
    name = g.op("GatherND", name, g.constant(positions, np.int64))
    made, before = positions.ndim - 1, min(taken) if in_place else 0
    order = [*range(made, made + before), *range(made), *range(made + before, made + len(others))]
    return g.op("Transpose", name, perm=order)


def _side_by_side(index: Sequence[Any]) -> bool:
    """Whether nothing lies between the positions in an index, not even an ellipsis that stands for no axis."""
    at = [
        i for i, part in enumerate(index) if part is not None and part is not Ellipsis and not isinstance(part, slice)
    ]
    return at[-1] - at[0] == len(at) - 1
