"""The largest and the smallest element, and how far they are apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import primitive
from .reducing import Axis, kept_axes
from .selecting import maximum, where as choose

__all__ = ["amax", "amin", "max", "min", "ptp"]


@primitive
def max(x: Any, axis: Axis = None, *, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """The largest element along some axes; ties share the gradient equally. Complex numbers compare as pairs.

    Args:
        initial: the least that the result is to be; an element that equals it wins.
        where: a mask of the elements that count; it needs an `initial`.
    """
    return np.maximum.reduce(x, axis, None, None, keepdims, initial, where)  # type: ignore[call-overload]


@primitive
def min(x: Any, axis: Axis = None, *, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """The smallest element along some axes; ties share the gradient equally. Arguments are those of `max`."""
    return np.minimum.reduce(x, axis, None, None, keepdims, initial, where)  # type: ignore[call-overload]


def _to_winners(g: Any, y: Any, x: Any, axis: Axis, keepdims: bool, initial: Any, where: Any) -> Any:
    wins = x == kept_axes(y, x.shape, axis)
    if where is not True:
        wins = wins & where
    shares = wins.sum(axis=axis, keepdims=True).astype(x.dtype)
    return choose(wins, kept_axes(g, x.shape, axis) / maximum(shares, 1), 0)  # none wins where y is NaN, or `initial`


max.defvjp(_to_winners)
min.defvjp(_to_winners)
amax = max
amin = min


def ptp(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """max(x) - min(x) along some axes: peak to peak."""
    return max(x, axis, keepdims=keepdims) - min(x, axis, keepdims=keepdims)
