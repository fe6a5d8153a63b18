"""Exponentials and logarithms."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import elementwise
from .arithmetic import quotient

__all__ = [
    "exp", "exp2", "expm1", "log", "log10", "log1p", "log2", "logaddexp", "logaddexp2", "sigmoid", "softplus",
]  # fmt: skip

_LN2 = float(np.log(2))
_LN10 = float(np.log(10))

exp = elementwise(np.exp, "eˣ.")
exp.defvjp(lambda g, y, _x: g * y)

exp2 = elementwise(np.exp2, "2ˣ.")
exp2.defvjp(lambda g, y, _x: g * (y * _LN2))

expm1 = elementwise(np.expm1, "eˣ - 1, accurate near 0.")
expm1.defvjp(lambda g, y, _x: g * (y + 1))

log = elementwise(np.log, "ln x.")
log.defvjp(lambda g, _y, x: quotient(g, x))

log2 = elementwise(np.log2, "log₂ x.")
log2.defvjp(lambda g, _y, x: quotient(g, x * _LN2))

log10 = elementwise(np.log10, "log₁₀ x.")
log10.defvjp(lambda g, _y, x: quotient(g, x * _LN10))

log1p = elementwise(np.log1p, "ln(1 + x), accurate near 0.")
log1p.defvjp(lambda g, _y, x: quotient(g, x + 1))


@elementwise
def sigmoid(x: Any) -> Any:
    """1 / (1 + e⁻ˣ)."""
    with np.errstate(over="ignore"):  # 1 / (1 + ∞) = 0 is right
        return 1 / (1 + np.exp(-x))


sigmoid.defvjp(lambda g, y, _x: g * (y - y * y))


@elementwise
def gap(x: Any, y: Any) -> Any:
    """x - y, and 0 where both are the same, infinite too: what logarithms of sums need."""
    out = np.zeros(np.broadcast_shapes(np.shape(x), np.shape(y)), np.result_type(x, y))
    return np.subtract(x, y, out=out, where=np.not_equal(x, y))


gap.defvjp(lambda g, _y, _x1, _x2: g, lambda g, _y, _x1, _x2: -g)

logaddexp = elementwise(np.logaddexp, "ln(eˣ¹ + eˣ²), without overflow.")
logaddexp.defvjp(lambda g, _y, x1, x2: g * sigmoid(gap(x1, x2)), lambda g, _y, x1, x2: g * sigmoid(gap(x2, x1)))

logaddexp2 = elementwise(np.logaddexp2, "log₂(2ˣ¹ + 2ˣ²), without overflow.")
logaddexp2.defvjp(
    lambda g, _y, x1, x2: g * sigmoid(gap(x1, x2) * _LN2),
    lambda g, _y, x1, x2: g * sigmoid(gap(x2, x1) * _LN2),
)


def softplus(x: Any) -> Any:
    """ln(1 + eˣ), without overflow."""
    return logaddexp(x, 0)
