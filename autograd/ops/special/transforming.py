"""Box and Cox's transformation to normality, and robust losses."""

from __future__ import annotations

from typing import Any

from ..arithmetic import quotient
from ..complex import absolute
from ..exponential import exp, log, log1p
from ..selecting import clip, maximum
from .hypergeometric import hyp1f1, hyp2f1
from .scipys import of_scipy

__all__ = ["boxcox", "boxcox1p", "huber", "inv_boxcox", "inv_boxcox1p", "pseudo_huber"]


def _by_lambda(log_x: Any, lmbda: Any) -> Any:
    """The derivative of (eˡ - 1) / λ with l = λ ln x by λ, smooth at λ = 0."""
    return log_x * log_x * hyp1f1(2, 3, lmbda * log_x) / 2


boxcox = of_scipy("boxcox", "(xᵞ - 1) / γ, and ln x for γ = 0; of x and γ.", 2)
boxcox.defvjp(
    lambda g, _y, x, lmbda: quotient(g * exp(lmbda * log(x)), x),
    lambda g, _y, x, lmbda: g * _by_lambda(log(x), lmbda),
)

boxcox1p = of_scipy("boxcox1p", "((1 + x)ᵞ - 1) / γ, and ln(1 + x) for γ = 0; of x and γ.", 2)
boxcox1p.defvjp(
    lambda g, _y, x, lmbda: quotient(g * exp(lmbda * log1p(x)), 1 + x),
    lambda g, _y, x, lmbda: g * _by_lambda(log1p(x), lmbda),
)


def _log_by_lambda(x: Any, lmbda: Any) -> Any:
    """The derivative of ln(1 + λx) / λ = x ₂F₁(1, 1; 2; -λx) by λ."""
    return x * x * hyp2f1(2, 2, 3, -lmbda * x) / -2


inv_boxcox = of_scipy("inv_boxcox", "The inverse of boxcox: (1 + γx)^(1/γ), and eˣ for γ = 0; of x and γ.", 2)
inv_boxcox.defvjp(
    lambda g, y, x, lmbda: quotient(g * y, 1 + lmbda * x),
    lambda g, y, x, lmbda: g * y * _log_by_lambda(x, lmbda),
)

inv_boxcox1p = of_scipy("inv_boxcox1p", "The inverse of boxcox1p: inv_boxcox less 1; of x and γ.", 2)
inv_boxcox1p.defvjp(
    lambda g, y, x, lmbda: quotient(g * (y + 1), 1 + lmbda * x),
    lambda g, y, x, lmbda: g * (y + 1) * _log_by_lambda(x, lmbda),
)

huber = of_scipy("huber", "r² / 2 up to |r| = δ, and δ (|r| - δ / 2) beyond; of δ and r.", 2)
huber.defvjp(
    lambda g, _y, delta, r: g * maximum(absolute(r) - delta, 0),
    lambda g, _y, delta, r: g * clip(r, -delta, delta),
)

pseudo_huber = of_scipy("pseudo_huber", "δ² (√(1 + (r/δ)²) - 1), a smooth huber; of δ and r.", 2)
# with the root s = 1 + y/δ², the derivative by δ is δ (s - 1)² / s
pseudo_huber.defvjp(
    lambda g, y, delta, _r: quotient(g * y * y, delta * (delta * delta + y)),
    lambda g, y, delta, r: quotient(g * r * delta * delta, delta * delta + y),
)
