"""The scaled error function, Dawson's integral and Faddeeva's function: one function on three axes (DLMF 7.2, 7.5).

Each satisfies y' = 2s xy + c, hence y⁽ⁿ⁺¹⁾ = 2s (x y⁽ⁿ⁾ + n y⁽ⁿ⁻¹⁾). Far out these sums cancel, and the derivatives of
the expansion y ~ Σ aₖ x^(-2k-1) take over (DLMF 7.12.1): a₀ = -c / 2s, aₖ = -(k - 1/2) / s aₖ₋₁.
"""

from __future__ import annotations

from math import factorial, pi, sqrt
from typing import Any

import numpy as np

from ...primitive import elementwise
from .scipys import of_scipy, scipys

__all__ = ["dawsn", "erfcx", "wofz"]

erfcx = of_scipy("erfcx", "exp(x²) erfc(x), without underflow.")
dawsn = of_scipy("dawsn", "Dawson's integral exp(-x²) ∫₀ˣ exp(t²) dt.")
wofz = of_scipy("wofz", "Faddeeva's function exp(-x²) erfc(-ix).")

_FAR = 7  # the terms fall to exp(-7²), and the sums lose a factor 2 · 7² for each order
_TERMS = 40
_EQUATIONS: dict[str, tuple[int, complex]] = {
    "erfcx": (1, -2 / sqrt(pi)),
    "dawsn": (-1, 1),
    "wofz": (-1, 2j / sqrt(pi)),
}


def _no_exponential(x: Any, function: str) -> Any:
    """Where the expansion says all: elsewhere exp(±x²) comes in."""
    if function == "dawsn":
        return (x * x).real > _FAR**2
    return (x.real if function == "erfcx" else x.imag) >= 0


@elementwise
def _faddeeva_derivative(x: Any, function: str = "wofz", order: int = 1) -> Any:
    """The derivative of one of the three of some order."""
    s, c = _EQUATIONS[function]
    wide = np.asarray(x, np.result_type(x, np.complex128 if function == "wofz" else np.float64))
    far = (np.abs(wide) > _FAR) & _no_exponential(wide, function)
    near = np.where(far, 0, wide)
    before, y = np.zeros_like(near), scipys(function)(near)
    for n in range(order):
        before, y = y, 2 * s * (near * y + n * before) + (c if n == 0 else 0)
    x_far = np.where(far, wide, _FAR)
    series = np.ones_like(x_far)
    for k in range(_TERMS, 0, -1):
        raised = (2 * k + order) * (2 * k + order - 1) / (2 * k * (2 * k - 1))
        series = 1 - series * raised * (k - 0.5) / s / x_far / x_far
    expansion = -c / (2 * s) * (-1) ** order * factorial(order) * series * x_far ** (-1.0 - order)
    return np.where(far, expansion, y).astype(np.result_type(x, np.complex64 if function == "wofz" else np.float32))


erfcx.defvjp(lambda g, _y, x: g * _faddeeva_derivative(x, "erfcx"))
dawsn.defvjp(lambda g, _y, x: g * _faddeeva_derivative(x, "dawsn"))
wofz.defvjp(lambda g, _y, x: g * _faddeeva_derivative(x, "wofz"))
_faddeeva_derivative.defvjp(lambda g, _y, x, function, order: g * _faddeeva_derivative(x, function, order + 1))
