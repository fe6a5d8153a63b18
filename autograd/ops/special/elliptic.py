"""Complete elliptic integrals of a parameter m = k² (DLMF 19), which are hypergeometric functions of it."""

from __future__ import annotations

from math import pi
from typing import Any

from ..arithmetic import quotient
from ..complex import absolute
from ..selecting import where
from .hypergeometric import hyp2f1
from .scipys import of_scipy

__all__ = ["ellipe", "ellipk", "ellipkm1"]

ellipk = of_scipy("ellipk", "K(m) = ∫ dt / √(1 - m sin²t) from 0 to π/2, which is π/2 ₂F₁(1/2, 1/2; 1; m).")
ellipkm1 = of_scipy("ellipkm1", "K(1 - p), accurate for small p.")
ellipe = of_scipy("ellipe", "E(m) = ∫ √(1 - m sin²t) dt from 0 to π/2, which is π/2 ₂F₁(-1/2, 1/2; 1; m).")


def _central(m: Any) -> tuple[Any, Any, Any]:
    """Where m is near 0, and m as the two formulas for that and for elsewhere take it."""
    central = absolute(m) < 0.5
    return central, where(central, m, 0), where(central, -1, m)


def _k_derivative(k: Any, m: Any, p: Any) -> Any:
    """(1 - m) K', which is (E - (1 - m) K) / 2m (DLMF 19.4.1), as a function of K, m and p = 1 - m."""
    central, near, far = _central(m)
    by_integrals = (ellipe(far) - p * where(p == 0, 0, k)) / (2 * far)
    return where(central, hyp2f1(0.5, 0.5, 2, near) * (pi / 8), by_integrals)


ellipk.defvjp(lambda g, y, m: quotient(g * _k_derivative(y, m, 1 - m), 1 - m))
ellipkm1.defvjp(lambda g, y, p: -quotient(g * _k_derivative(y, 1 - p, p), p))


def _e_derivative(e: Any, m: Any) -> Any:
    """(E - K) / 2m (DLMF 19.4.1)."""
    central, near, far = _central(m)
    return where(central, hyp2f1(0.5, 1.5, 2, near) * (-pi / 8), (e - ellipk(far)) / (2 * far))


ellipe.defvjp(lambda g, y, m: g * _e_derivative(y, m))
