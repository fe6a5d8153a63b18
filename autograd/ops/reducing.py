"""Sums and means, and what reductions share: axes, and NumPy's mask `where=` of the elements that count."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..primitive import primitive
from .selecting import maximum, where as choose
from .shaping import broadcast_to

__all__ = ["mean", "sum"]

Axis = int | tuple[int, ...] | None


def axes_of(ndim: int, axis: Axis) -> tuple[int, ...]:
    """The axes that are meant, counted from the front."""
    return tuple(range(ndim)) if axis is None else normalize_axis_tuple(axis, ndim)


def kept_axes(g: Any, shape: tuple[int, ...], axis: Axis) -> Any:
    """A reduced array with its reduced axes back, of size 1."""
    if axis is None:
        return g.reshape((1,) * len(shape))
    axes = normalize_axis_tuple(axis, len(shape))
    return g.reshape(tuple(1 if i in axes else size for i, size in enumerate(shape)))


def count(shape: tuple[int, ...], axis: Axis, where: Any = True) -> Any:
    """How many elements go into each result; with a mask an array, its reduced axes kept."""
    if where is True:
        return math.prod(shape[i] for i in axes_of(len(shape), axis))
    return sum(broadcast_to(where, shape), axis, keepdims=True)


def masked(x: Any, where: Any, neutral: Any = 0) -> Any:
    """x where the mask says so, and elsewhere a number that changes nothing."""
    return x if where is True else choose(where, x, neutral)


_add_reduce = np.add.reduce  # found once: so short a call notices


@primitive
def sum(
    x: Any, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False, initial: Any = 0, where: Any = True
) -> Any:
    """Σ x over some axes, from `initial` on, of the elements that the mask `where` selects."""
    return _add_reduce(x, axis, dtype, None, keepdims, initial, where)  # type: ignore[call-overload]


sum.defvjp(
    lambda g, _y, _x, axis, dtype, keepdims, initial, where: masked(
        broadcast_to(kept_axes(g, _x.shape, axis), _x.shape), where
    )
)


@primitive
def mean(x: Any, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False, where: Any = True) -> Any:
    """Σ x / n over some axes, of the n elements that the mask `where` selects."""
    return np.asarray(x).mean(axis, dtype, None, keepdims, where=where)  # type: ignore[call-overload]  # quicker than np.mean


def _at_least_one(n: Any) -> Any:
    return (n or 1) if isinstance(n, int) else maximum(n, 1)


mean.defvjp(
    lambda g, _y, _x, axis, dtype, keepdims, where: masked(
        broadcast_to(kept_axes(g, _x.shape, axis) / _at_least_one(count(_x.shape, axis, where)), _x.shape), where
    )
)
