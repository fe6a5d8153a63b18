"""Methods of universal functions of two arguments: `np.multiply.reduce(t)` and its kin, composed of the operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..constants import on_values, plain, tracked
from ..ops import accumulating, extrema, reducing
from ..ops.comparing import ndim, shape
from ..ops.creating import asarray
from ..ops.indexing import scatter_add
from ..ops.joining import concatenate, stack
from ..ops.selecting import where as choose
from ..ops.shaping import astype, broadcast_to, copy, moveaxis, reshape
from ..provenance import mark_ours
from ..tensor import Tensor
from ..trees import mapped
from .refusing import into_array, missing, without
from .writing import deliver, require_cast

__all__ = ["METHODS", "at"]

Operation = Callable[..., Any]

_REDUCTIONS: dict[Any, Operation] = {
    np.add: reducing.sum,
    np.multiply: accumulating.prod,
    np.maximum: extrema.max,
    np.minimum: extrema.min,
}
_ANY_ORDER = frozenset(
    (np.add, np.multiply, np.maximum, np.minimum, np.fmax, np.fmin, np.hypot, np.logaddexp, np.logaddexp2)
)
"""Operations that may take their arguments in any order and pair them as they like."""


def reduce(
    ufunc: np.ufunc,
    operation: Operation,
    array: Any,
    axis: Any = 0,
    dtype: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    where: Any = True,
) -> Any:
    """All elements along some axes put together: as a tree of pairs where the order is free, else from the left."""
    options = {"axis": axis, "keepdims": keepdims}
    options |= {k: v for k, v, no in (("initial", initial, None), ("where", where, True)) if v is not no}
    x = array if dtype is None else astype(array, dtype)
    if ufunc in _REDUCTIONS:
        return _REDUCTIONS[ufunc](x, **options)
    axes = normalize_axis_tuple(range(x.ndim) if axis is None else axis, x.ndim)
    free = ufunc in _ANY_ORDER
    start = ufunc.identity if initial is None else initial
    if x.size == 0 or (len(axes) != 1 and not free) or (where is not True and start is None):
        return on_values(ufunc.reduce, (array.detach(),), options)  # nothing to put together, or an error of NumPy's
    if where is not True:
        if not free:
            raise without(f"np.{ufunc.__name__}.reduce", ["where"])
        x = choose(plain(where), x, start if ufunc.identity is None else ufunc.identity)
    y = _in_front(x, axes)  # (n, ...)
    if initial is not None:
        y = concatenate((broadcast_to(astype(asarray(initial), x.dtype), (1, *y.shape[1:])), y))
    y = _tree(operation, y) if free else _running(operation, y)[-1]
    return reshape(y, tuple(1 if i in axes else n for i, n in enumerate(x.shape))) if keepdims else y


def _in_front(x: Any, axes: tuple[int, ...]) -> Any:
    """Some axes joined to one, in front of the others."""
    x = moveaxis(x, axes, range(len(axes)))
    return reshape(x, (-1, *x.shape[len(axes) :]))


def _tree(operation: Operation, x: Any) -> Any:
    while len(x) > 1:
        half = len(x) // 2
        x = concatenate((operation(x[:half], x[half : 2 * half]), x[2 * half :]))
    return x[0]


def _running(operation: Operation, x: Any) -> list[Any]:
    """x[0], x[0] ∘ x[1], (x[0] ∘ x[1]) ∘ x[2] ..."""
    rows = [x[0]]
    for i in range(1, len(x)):
        rows.append(operation(rows[-1], x[i]))
    return rows


def accumulate(ufunc: np.ufunc, operation: Operation, array: Any, axis: int = 0, dtype: Any = None) -> Any:
    """What `reduce` makes of the first element along an axis, of the first two, and so on."""
    x = array if dtype is None else astype(array, dtype)
    if ufunc is np.add:
        return accumulating.cumsum(x, axis)
    x = moveaxis(x, axis, 0)
    if x.size == 0:
        return +array
    if ufunc not in _ANY_ORDER:
        return moveaxis(stack(_running(operation, x)), 0, axis)
    reach = 1  # each element holds what is made of so many, itself the last
    while reach < len(x):
        x = concatenate((x[:reach], operation(x[:-reach], x[reach:])))
        reach *= 2
    return moveaxis(x, 0, axis)


def reduceat(ufunc: np.ufunc, operation: Operation, array: Any, indices: Any, axis: int = 0, dtype: Any = None) -> Any:
    """`reduce` from each index to the next, or the element there if the next is less."""
    x = moveaxis(array if dtype is None else astype(array, dtype), axis, 0)
    starts = np.asarray(plain(indices)).tolist()
    if not all(0 <= start < len(x) for start in starts):
        raise IndexError(f"np.{ufunc.__name__}.reduceat: indices {starts} of an axis of size {len(x)}")
    stops = [*starts[1:], len(x)]
    parts = [
        reduce(ufunc, operation, x[start:stop]) if start < stop else x[start]
        for start, stop in zip(starts, stops, strict=True)
    ]
    return moveaxis(stack(parts), 0, axis)


def outer(ufunc: np.ufunc, operation: Operation, a: Any, b: Any, **options: Any) -> Any:
    """The operation on all pairs of an element of a and one of b."""
    return ufunc(reshape(a, (*shape(a), *(1,) * ndim(b))), b, **options)


METHODS: dict[str, Operation] = {"reduce": reduce, "accumulate": accumulate, "reduceat": reduceat, "outer": outer}


def at(name: str, ufunc: np.ufunc, operation: Operation | None, a: Any, indices: Any, *operands: Any) -> None:
    """`a[indices] = a[indices] ∘ b`, one element after the other: an element that is named twice is changed twice."""
    if not isinstance(a, Tensor):
        if tracked(operands):
            raise into_array(name)
        ufunc.at(a, mapped(plain, indices), *map(plain, operands))
        return
    if operation is None:
        raise missing(name)
    positions = np.arange(a.size).reshape(a.shape)[mapped(plain, indices)]
    values = [reshape(broadcast_to(b, positions.shape), -1) for b in operands]
    positions = positions.reshape(-1)
    if ufunc is np.add:
        deliver(name, a + reshape(scatter_add(values[0], positions, (a.size,)), a.shape), a)
        return
    flat = copy(reshape(a, -1))
    for turn in _turns(positions):
        changed = operation(flat[positions[turn]], *(b[turn] for b in values))
        require_cast(name, changed.dtype, a.dtype)
        flat[positions[turn]] = changed
    deliver(name, reshape(flat, a.shape), a)


def _turns(positions: Any) -> Iterator[Any]:
    """Indices of positions, in as few groups as there can be with no position twice in one, in order of appearance."""
    order = np.argsort(positions, kind="stable")
    _, starts, counts = np.unique(positions[order], return_index=True, return_counts=True)
    appearance = np.arange(len(order)) - np.repeat(starts, counts)
    for n in range(max(counts, default=0)):
        yield order[appearance == n]


mark_ours(__name__)  # autograd has marked what was there when it was imported
