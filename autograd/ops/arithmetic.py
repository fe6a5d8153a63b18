"""Arithmetic: + - * / ** and their relatives, and the roundings, whose derivative is zero.

A division in a rule goes through `quotient`, so that a zero which a branch not taken sends back stays zero, even
through a pole: `where(x > 0, sqrt(x), 0)` has gradient 0 at 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import elementwise, nondifferentiable

__all__ = [
    "add", "around", "ceil", "divide", "divmod", "fix", "floor", "floor_divide", "fmod", "frexp", "ldexp", "mod",
    "modf", "multiply", "negative", "nextafter", "positive", "quotient", "reciprocal", "remainder", "rint", "round",
    "spacing", "subtract", "true_divide", "trunc",
]  # fmt: skip

add = elementwise(np.add, "x1 + x2.")
add.defvjp(lambda g, _y, _x1, _x2: g, lambda g, _y, _x1, _x2: g)

subtract = elementwise(np.subtract, "x1 - x2.")
subtract.defvjp(lambda g, _y, _x1, _x2: g, lambda g, _y, _x1, _x2: -g)

multiply = elementwise(np.multiply, "x1 * x2.")
multiply.defvjp(lambda g, _y, _x1, x2: g * x2, lambda g, _y, x1, _x2: g * x1)


@elementwise
def quotient(x1: Any, x2: Any) -> Any:
    """x1 / x2, and 0 where x1 is 0, whatever x2."""
    if np.ndim(x2) == 0 and x2:
        return np.divide(x1, x2)
    y = np.zeros(np.broadcast_shapes(np.shape(x1), np.shape(x2)), np.result_type(x1, x2))
    return np.divide(x1, x2, out=y, where=np.not_equal(x1, 0))


def _unless_both_zero(g: Any, x1: Any, x2: Any) -> Any:
    """Where 0 / 0 was taken for 0, the derivative is taken for 0 too."""
    return g * ((x1 != 0) | (x2 != 0))


quotient.defvjp(
    lambda g, _y, x1, x2: quotient(_unless_both_zero(g, x1, x2), x2),
    lambda g, _y, x1, x2: -quotient(quotient(_unless_both_zero(g, x1, x2), x2) * x1, x2),
)

divide = elementwise(np.divide, "x1 / x2.")
divide.defvjp(
    lambda g, _y, _x1, x2: quotient(g, x2),
    lambda g, _y, x1, x2: -quotient(quotient(g, x2) * x1, x2),
)
true_divide = divide

negative = elementwise(np.negative, "-x.")
negative.defvjp(lambda g, _y, _x: -g)

positive = elementwise(np.positive, "+x, a copy.")
positive.defvjp(lambda g, _y, _x: g)

reciprocal = elementwise(np.reciprocal, "1 / x.")
reciprocal.defvjp(lambda g, _y, x: -quotient(quotient(g, x), x))

floor = elementwise(np.floor, "⌊x⌋; its derivative is 0.")
ceil = elementwise(np.ceil, "⌈x⌉; its derivative is 0.")
trunc = elementwise(np.trunc, "x without its fraction; its derivative is 0.")
rint = elementwise(np.rint, "The integer nearest to x; its derivative is 0.")
spacing = elementwise(np.spacing, "The distance from x to the next number; its derivative is 0.")
for _rounding in (floor, ceil, trunc, rint, spacing):
    _rounding.defvjp(lambda g, _y, _x: g * 0)
fix = trunc


@elementwise
def round(x: Any, decimals: int = 0) -> Any:
    """x to so many decimals; its derivative is 0."""
    return np.round(x, decimals)


round.defvjp(lambda g, _y, _x, decimals: g * 0)
around = round

nextafter = elementwise(np.nextafter, "The number next to x1 in the direction of x2.")
nextafter.defvjp(lambda g, _y, _x1, _x2: g, lambda g, _y, _x1, _x2: g * 0)

floor_divide = elementwise(np.floor_divide, "⌊x1 / x2⌋; its derivative is 0.")
floor_divide.defvjp(lambda g, _y, _x1, _x2: g * 0, lambda g, _y, _x1, _x2: g * 0)

mod = elementwise(np.mod, "x1 - ⌊x1 / x2⌋ x2: the remainder with the sign of x2; its jumps have no derivative.")
mod.defvjp(lambda g, _y, _x1, _x2: g, lambda g, _y, x1, x2: -g * floor_divide(x1, x2))
remainder = mod

fmod = elementwise(np.fmod, "The remainder of x1 / x2, with the sign of x1.")
fmod.defvjp(lambda g, _y, _x1, _x2: g, lambda g, y, x1, x2: -g * rint((x1 - y) / x2))


def divmod(x1: Any, x2: Any) -> tuple[Any, Any]:
    """⌊x1 / x2⌋ and the remainder."""
    return floor_divide(x1, x2), mod(x1, x2)


@elementwise
def _fraction(x: Any) -> Any:
    return np.modf(x)[0]


@elementwise
def _whole(x: Any) -> Any:
    return np.modf(x)[1]


_fraction.defvjp(lambda g, _y, _x: g)
_whole.defvjp(lambda g, _y, _x: g * 0)


def modf(x: Any) -> tuple[Any, Any]:
    """The fraction of x and what is before it, both with the sign of x."""
    return _fraction(x), _whole(x)


ldexp = elementwise(np.ldexp, "x1 · 2ˣ² for integers x2.")
ldexp.defvjp(lambda g, _y, _x1, x2: ldexp(g, x2), None)


@nondifferentiable
def _exponent(x: Any) -> Any:
    return np.frexp(x)[1]


def frexp(x: Any) -> tuple[Any, Any]:
    """m and e such that x = m · 2ᵉ and ½ ≤ |m| < 1; e is an integer, and constant."""
    exponent = _exponent(x)
    return ldexp(x, -exponent), exponent
