"""Choosing among several arrays: by number, by the first condition that holds, by a function for each piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..constants import plain
from .comparing import shape, zeros_like
from .indexing import take_along_axis
from .joining import stack
from .selecting import where
from .shaping import astype, broadcast_to

__all__ = ["choose", "piecewise", "select"]


def choose(a: Any, choices: Sequence[Any], mode: Any = "raise") -> Any:
    """choices[a] for an array of integers, element by element; all broadcast.

    Raises:
        ValueError: there is no choice of such a number, and `mode` is neither "wrap" nor "clip".
    """
    choices = list(choices)
    full = np.broadcast_shapes(shape(a), *map(shape, choices))
    numbers = np.broadcast_to(np.choose(plain(a), range(len(choices)), mode=mode), full)
    return take_along_axis(stack([broadcast_to(x, full) for x in choices]), numbers[None], 0)[0]


def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Any:
    """The choice of the first condition that holds, else the default; all broadcast.

    Raises:
        ValueError: there is not one condition for each choice, or none at all.
    """
    if len(condlist) != len(choicelist) or not len(condlist):
        raise ValueError(f"select: expected a condition for each choice, got {len(condlist)} and {len(choicelist)}")
    y = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        y = where(condition, choice, y)
    return astype(y, np.result_type(*map(plain, (*choicelist, default))))


def piecewise(x: Any, condlist: Any, funclist: Sequence[Callable[..., Any] | float], *args: Any, **kw: Any) -> Any:
    """funclist[i](x, *args, **kw), or that number, where condlist[i] holds; of several the last, and 0 where none does.

    One function more than conditions is for where none holds. The result has the dtype of x.

    Raises:
        ValueError: there are fewer functions than conditions, or more than one more.
    """
    if np.isscalar(condlist) or (shape(x) and not shape(condlist[0])):
        condlist = [condlist]
    conditions = np.asarray([plain(condition) for condition in condlist], bool)
    if len(funclist) == len(conditions) + 1:
        conditions = np.concatenate((conditions, ~conditions.any(axis=0, keepdims=True)))
    if len(funclist) != len(conditions):
        raise ValueError(
            f"piecewise: {len(condlist)} conditions need as many functions or one more, got {len(funclist)}"
        )
    y = where(False, x, zeros_like(x))  # in the graph of x even if no function is called
    for condition, function in zip(conditions, funclist, strict=True):
        if not callable(function):
            y[condition] = function
        elif condition.any():
            y[condition] = function(x[condition], *args, **kw)
    return y
