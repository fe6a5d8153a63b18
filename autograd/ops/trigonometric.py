"""Circular and hyperbolic functions and their inverses; angles in radians."""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np

from ..primitive import elementwise, primitive
from .arithmetic import quotient
from .powers import hypot, sqrt

__all__ = [
    "acos", "acosh", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "asin", "asinh", "atan",
    "atan2", "atanh", "cos", "cosh", "deg2rad", "degrees", "rad2deg", "radians", "sin", "sinc", "sinh", "tan", "tanh",
    "unwrap",
]  # fmt: skip

sin = elementwise(np.sin, "sin x.")
cos = elementwise(np.cos, "cos x.")
sin.defvjp(lambda g, _y, x: g * cos(x))
cos.defvjp(lambda g, _y, x: -g * sin(x))

tan = elementwise(np.tan, "tan x.")
tan.defvjp(lambda g, y, _x: g + g * y * y)


def _cosine(x: Any) -> Any:
    """cos arcsin x = √(1 - x²), on the side of the cut that x is on: x - -1 keeps the sign of a 0, x + 1 does not."""
    return sqrt(-(x - 1)) * sqrt(x - -1)


arcsin = elementwise(np.arcsin, "arcsin x.")
arcsin.defvjp(lambda g, _y, x: quotient(g, _cosine(x)))
asin = arcsin

arccos = elementwise(np.arccos, "arccos x.")
arccos.defvjp(lambda g, _y, x: -quotient(g, _cosine(x)))
acos = arccos

arctan = elementwise(np.arctan, "arctan x.")
arctan.defvjp(lambda g, _y, x: quotient(g, 1 + x * x))
atan = arctan

arctan2 = elementwise(np.arctan2, "The angle of the point (x2, x1); its derivative at the origin is 0.")
arctan2.defvjp(
    lambda g, _y, x1, x2: quotient(quotient(g * x2, hypot(x1, x2)), hypot(x1, x2)),  # squares would overflow
    lambda g, _y, x1, x2: -quotient(quotient(g * x1, hypot(x1, x2)), hypot(x1, x2)),
)
atan2 = arctan2

sinh = elementwise(np.sinh, "sinh x.")
cosh = elementwise(np.cosh, "cosh x.")
sinh.defvjp(lambda g, _y, x: g * cosh(x))
cosh.defvjp(lambda g, _y, x: g * sinh(x))

tanh = elementwise(np.tanh, "tanh x.")
tanh.defvjp(lambda g, y, _x: g - g * y * y)

arcsinh = elementwise(np.arcsinh, "arsinh x.")
arcsinh.defvjp(lambda g, _y, x: quotient(g, sqrt(x * x - -1)))
asinh = arcsinh

arccosh = elementwise(np.arccosh, "arcosh x.")


# a product of roots, not the root of x² - 1, for complex x
arccosh.defvjp(lambda g, _y, x: quotient(g, sqrt(x - 1) * sqrt(x - -1)))
acosh = arccosh

arctanh = elementwise(np.arctanh, "artanh x.")
arctanh.defvjp(lambda g, _y, x: quotient(g, 1 - x * x))
atanh = arctanh

degrees = elementwise(np.degrees, "An angle in radians, in degrees.")
degrees.defvjp(lambda g, _y, _x: g * (180 / np.pi))
rad2deg = degrees

radians = elementwise(np.radians, "An angle in degrees, in radians.")
radians.defvjp(lambda g, _y, _x: g * (np.pi / 180))
deg2rad = radians


@elementwise
def sinc(x: Any) -> Any:
    """sin(πx) / (πx), and 1 at 0."""
    return np.sinc(x)


@elementwise
def _sinc_derivative(x: Any, order: int = 1) -> Any:
    """The derivative of sinc of some order n.

    With u = πx and fₙ the n-th derivative of sin(u) / u: u fₙ = sin(u + nπ/2) - n fₙ₋₁, and near 0, where that would
    cancel, the power series.
    """
    u = x * np.pi
    near = np.abs(u) <= order + 2
    far = np.where(near, 1, u)
    f = np.sin(far) / far
    for n in range(1, order + 1):
        f = (np.sin(far + n * np.pi / 2) - n * f) / far
    u = np.where(near, u, 0)
    series = 0 * u
    first = -(-order // 2)
    for k in range(first + order + 16, first - 1, -1):
        series = series * (u * u) + (-1) ** k * factorial(2 * k) / factorial(2 * k - order) / factorial(2 * k + 1)
    return np.where(near, series * u ** (2 * first - order), f) * np.pi**order


sinc.defvjp(lambda g, _y, x: g * _sinc_derivative(x, 1))
_sinc_derivative.defvjp(lambda g, _y, x, order: g * _sinc_derivative(x, order + 1))


@primitive
def unwrap(p: Any, discont: float | None = None, axis: int = -1, *, period: float = 2 * np.pi) -> Any:
    """Angles along an axis with multiples of the period added, so that no step is longer than half of it."""
    return np.unwrap(p, discont, axis, period=period)


unwrap.defvjp(lambda g, _y, _p, discont, axis, period: g)
