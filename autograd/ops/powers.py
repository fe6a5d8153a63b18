"""Powers and roots."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import elementwise
from .arithmetic import quotient
from .exponential import log
from .selecting import maximum, where

__all__ = ["cbrt", "float_power", "hypot", "pow", "power", "sqrt", "square"]

square = elementwise(np.square, "x².")
square.defvjp(lambda g, _y, x: g * (2 * x))

sqrt = elementwise(np.sqrt, "√x.")
sqrt.defvjp(lambda g, y, _x: quotient(g, 2 * y))

cbrt = elementwise(np.cbrt, "The real cube root of x.")
cbrt.defvjp(lambda g, y, _x: quotient(g, 3 * (y * y)))

hypot = elementwise(np.hypot, "√(x1² + x2²); its derivative at the origin is 0.")
hypot.defvjp(lambda g, y, x1, _x2: quotient(g * x1, y), lambda g, y, _x1, x2: quotient(g * x2, y))

power = elementwise(np.power, "x1 ** x2. The derivative by x2 is 0 where x1 is 0.")


def _power_by_base(g: Any, _y: Any, x1: Any, x2: Any) -> Any:
    """g x2 x1**(x2 - 1), whose pole at x1 = 0 goes through a quotient."""
    if np.result_type(getattr(x2, "dtype", x2)).kind == "c":
        return g * (x2 * x1 ** (x2 - 1))
    if isinstance(x2, (int, float)):
        return g * (x2 * x1 ** (x2 - 1)) if x2 >= 1 else quotient(g * x2, x1 ** (1 - x2))
    return quotient(g * x2 * x1 ** maximum(x2 - 1, 0), x1 ** maximum(1 - x2, 0))


def _power_by_exponent(g: Any, y: Any, x1: Any, _x2: Any) -> Any:
    return g * y * log(where(x1 == 0, 1, x1))


power.defvjp(_power_by_base, _power_by_exponent)
pow = power


def float_power(x1: Any, x2: Any) -> Any:
    """x1 ** x2 in float64 or complex128 at least."""
    return power(x1 * np.float64(1), x2)
