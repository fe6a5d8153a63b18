"""Elements in order: sorted, partitioned, each kept once. A gradient goes where its element came from."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..constants import on_values
from ..primitive import primitive
from ..tensor import Tensor
from .comparing import argpartition, argsort
from .indexing import take, take_along_axis
from .shaping import astype, reshape

__all__ = ["partition", "sort", "sort_complex", "unique"]


@primitive
def sort(x: Any, axis: int | None = -1, kind: Any = None, order: Any = None, *, stable: bool | None = None) -> Any:
    """The elements in ascending order along an axis, or all of them raveled; NaN comes last.

    Equal elements may have come in any order, and one of them gets the gradient of each place.
    """
    return np.sort(x, axis, kind, order, stable=stable)


def _sort_rule(g: Any, _y: Any, x: Any, axis: int | None, kind: Any, order: Any, stable: bool | None) -> Any:
    came_from = argsort(x, axis, kind, order, stable=stable)
    return reshape(take_along_axis(g, argsort(came_from, axis), axis), x.shape)


sort.defvjp(_sort_rule)


def partition(x: Any, kth: Any, axis: int | None = -1, kind: Any = "introselect", order: Any = None) -> Any:
    """The elements with the k-th where it is when all are sorted, smaller ones before it and larger ones behind it."""
    return take_along_axis(x, argpartition(x, kth, axis, kind, order), axis)


def sort_complex(a: Any) -> Any:
    """The elements in ascending order along the last axis, as complex numbers: by real, then by imaginary parts."""
    y = sort(a)
    return y if y.dtype.kind == "c" else astype(y, np.sort_complex(np.empty(0, y.dtype)).dtype)


def unique(
    ar: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False,
    axis: int | None = None, *, equal_nan: bool = True, sorted: bool = True,
) -> Any:  # fmt: skip
    """Each different element once, in ascending order; or each different slice along an axis.

    The first of equal elements gets the gradient. `sorted=False` leaves the order open, and it stays ascending.

    Returns: the elements, and if asked for, where each was first, which of them each element is, and how often there
        is each; alone, or in a tuple.
    """
    parts = {"return_inverse": return_inverse, "return_counts": return_counts, "axis": axis, "equal_nan": equal_nan}
    if not isinstance(ar, Tensor):
        return np.unique(ar, return_index, **parts)  # type: ignore[call-overload]
    _, index, *rest = on_values(np.unique, (ar, True), parts)
    found = (take(ar, index, axis), *([index] if return_index else []), *rest)
    return found if len(found) > 1 else found[0]
