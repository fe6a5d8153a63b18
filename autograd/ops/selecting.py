"""Choosing between values: where, maximum, minimum, clip, and by a sign. Ties share the gradient equally."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..constants import plain
from ..primitive import elementwise
from ..tensor import Tensor
from .comparing import isfinite, isnan, nonzero, signbit
from .complex import imag, real, sign

__all__ = ["clip", "copysign", "fmax", "fmin", "heaviside", "maximum", "minimum", "nan_to_num", "where"]


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """x where the condition holds, else y; the branch that is not taken gets gradient 0. Broadcasts all three.

    With the condition alone, the indices where it holds.

    Raises:
        ValueError: one of x and y is missing.
    """
    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("where: either both or neither of x and y should be given")
    if isinstance(condition, Tensor):
        condition = condition.detach()
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
    """x with NaN and infinities replaced by finite numbers, which get no gradient; in x itself if `copy` is False."""
    replaced = np.nan_to_num(plain(x), True, nan, posinf, neginf)
    if replaced.dtype.kind == "c":
        y = where(isfinite(real(x)), real(x), replaced.real) + 1j * where(isfinite(imag(x)), imag(x), replaced.imag)
    else:
        y = where(isfinite(x), x, replaced)
    if not copy and isinstance(x, Tensor):
        x[...] = y
        return x
    return y


copysign = elementwise(np.copysign, "|x1| with the sign of x2; its derivative where x1 is 0 is 0.")
copysign.defvjp(
    lambda g, _y, x1, x2: where(signbit(x2), -g, g) * sign(x1),
    lambda g, _y, _x1, _x2: g * 0,
)

heaviside = elementwise(np.heaviside, "0 where x1 is negative, 1 where it is positive, x2 where it is 0.")
heaviside.defvjp(lambda g, _y, _x1, _x2: g * 0, lambda g, _y, x1, _x2: where(x1 == 0, g, 0))
