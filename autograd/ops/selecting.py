"""Choosing between values: where, maximum, minimum, clip. Ties share the gradient equally."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import elementwise
from ..tensor import Tensor
from .comparing import isfinite, isnan

__all__ = ["clip", "fmax", "fmin", "maximum", "minimum", "nan_to_num", "where"]


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """x where the condition holds, else y; the branch that is not taken gets gradient 0. Broadcasts all three.

    With the condition alone, the indices where it holds.
    """
    if x is None and y is None:
        return np.nonzero(condition.numpy() if isinstance(condition, Tensor) else condition)
    if isinstance(condition, Tensor):
        condition = condition.numpy()
    return _where(condition, x, y)


@elementwise
def _where(condition: Any, x: Any, y: Any) -> Any:
    return np.where(condition, x, y)


_where.defvjp(
    None,
    lambda g, _y, condition, _x1, _x2: where(condition, g, 0),
    lambda g, _y, condition, _x1, _x2: where(condition, 0, g),
)

maximum = elementwise(np.maximum, "The larger of x1 and x2, or NaN if either is.")
minimum = elementwise(np.minimum, "The smaller of x1 and x2, or NaN if either is.")

fmax = elementwise(np.fmax, "The larger of x1 and x2, or the one that is not NaN.")
fmin = elementwise(np.fmin, "The smaller of x1 and x2, or the one that is not NaN.")


def _to_winner(g: Any, wins: Any, ties: Any) -> Any:
    return where(wins, g, where(ties, g * 0.5, 0))


maximum.defvjp(
    lambda g, _y, x1, x2: _to_winner(g, x1 > x2, x1 == x2),
    lambda g, _y, x1, x2: _to_winner(g, x2 > x1, x1 == x2),
)
minimum.defvjp(
    lambda g, _y, x1, x2: _to_winner(g, x1 < x2, x1 == x2),
    lambda g, _y, x1, x2: _to_winner(g, x2 < x1, x1 == x2),
)
fmax.defvjp(
    lambda g, _y, x1, x2: _to_winner(g, (x1 > x2) | (isnan(x2) & ~isnan(x1)), x1 == x2),
    lambda g, _y, x1, x2: _to_winner(g, (x2 > x1) | (isnan(x1) & ~isnan(x2)), x1 == x2),
)
fmin.defvjp(
    lambda g, _y, x1, x2: _to_winner(g, (x1 < x2) | (isnan(x2) & ~isnan(x1)), x1 == x2),
    lambda g, _y, x1, x2: _to_winner(g, (x2 < x1) | (isnan(x1) & ~isnan(x2)), x1 == x2),
)


def clip(x: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    """x moved into [a_min, a_max]; either bound may be None. A gradient goes to the bound where x is beyond it."""
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    if low is not None:
        x = maximum(x, low)
    if high is not None:
        x = minimum(x, high)
    return x if low is not None or high is not None else +x


def nan_to_num(
    x: Any, copy: bool = True, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Any:
    """x with NaN and infinities replaced by finite numbers, which get no gradient."""
    plain = x.numpy() if isinstance(x, Tensor) else x
    return where(isfinite(plain), x, np.nan_to_num(plain, True, nan, posinf, neginf))
