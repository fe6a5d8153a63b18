"""Exponential, sine and cosine integrals, and the dilogarithm (DLMF 6, 8.19, 25.12)."""

from __future__ import annotations

from math import pi
from typing import Any

from ...primitive import elementwise
from ..arithmetic import quotient
from ..complex import absolute
from ..exponential import exp
from ..selecting import maximum, where
from ..trigonometric import cos, cosh, sinc
from .elementary import xlogy
from .hypergeometric import hyp0f1, hyp2f1
from .scipys import no_rule, of_scipy, scipys

__all__ = ["exp1", "expi", "expn", "shichi", "sici", "spence"]

expi = of_scipy("expi", "Ei(x) = ∫ eᵗ / t dt from -∞ to x, a principal value.")
expi.defvjp(lambda g, _y, x: quotient(g * exp(x), x))

exp1 = of_scipy("exp1", "E₁(x) = ∫ e⁻ᵗ / t dt from x to ∞.")
exp1.defvjp(lambda g, _y, x: -quotient(g * exp(-x), x))

expn = of_scipy("expn", "Eₙ(x) = ∫ e^(-xt) t⁻ⁿ dt from 1 to ∞; of an integer n and x.", 2)


def _expn_rule(g: Any, _y: Any, n: Any, x: Any) -> Any:
    """-Eₙ₋₁(x); SciPy ends at E₀ = e⁻ˣ / x."""
    by_recurrence = g * expn(maximum(n - 1, 0), x)
    of_order_0 = quotient(g * exp(-x) * (1 + x), x * x)
    return -where(n == 0, of_order_0, by_recurrence)


expn.defvjp(no_rule("expn", "n"), _expn_rule)


@elementwise
def _sici(x: Any, output: int = 0) -> Any:
    return scipys("sici")(x)[output]


_sici.defvjp(lambda g, _y, x, output: g * sinc(x / pi) if output == 0 else quotient(g * cos(x), x))


def sici(x: Any) -> tuple[Any, Any]:
    """Si(x) = ∫ sin t / t dt from 0 to x, and Ci(x) = -∫ cos t / t dt from x to ∞."""
    return _sici(x, output=0), _sici(x, output=1)


@elementwise
def _shichi(x: Any, output: int = 0) -> Any:
    return scipys("shichi")(x)[output]


_shichi.defvjp(
    lambda g, _y, x, output: g * hyp0f1(1.5, x * x / 4) if output == 0 else quotient(g * cosh(x), x)  # sinh x / x
)


def shichi(x: Any) -> tuple[Any, Any]:
    """Shi(x) = ∫ sinh t / t dt from 0 to x, and Chi(x) = γ + ln x + ∫ (cosh t - 1) / t dt from 0 to x."""
    return _shichi(x, output=0), _shichi(x, output=1)


spence = of_scipy("spence", "∫ ln t / (1 - t) dt from 1 to x: the dilogarithm of 1 - x.")


def _spence_rule(g: Any, _y: Any, x: Any) -> Any:
    """g ln x / (1 - x); around 1 as a hypergeometric function (DLMF 15.4.1), for that would cancel."""
    near = absolute(x - 1) < 0.5
    x_near, x_far = where(near, x, 1), where(near, 2, x)
    return where(near, -g * hyp2f1(1, 1, 2, 1 - x_near), quotient(xlogy(g, x_far), 1 - x_far))


spence.defvjp(_spence_rule)
