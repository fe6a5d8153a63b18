"""Entropy and divergences of Kullback and Leibler, term by term."""

from __future__ import annotations

from typing import Any

from ..arithmetic import quotient
from .elementary import xlogy
from .scipys import of_scipy

__all__ = ["entr", "kl_div", "rel_entr"]

entr = of_scipy("entr", "-x ln x; 0 at 0, and -inf for negative x.")
entr.defvjp(lambda g, _y, x: -xlogy(g, x) - g)


def _unless_both_zero(g: Any, x1: Any, x2: Any) -> Any:
    """Where 0 ln(0 / 0) was taken for 0, the derivative by the first 0 is taken for 0 too."""
    return g * ((x1 != 0) | (x2 != 0))


rel_entr = of_scipy("rel_entr", "x1 ln(x1 / x2); 0 where x1 = 0 <= x2, and inf elsewhere outside of x1, x2 > 0.", 2)
rel_entr.defvjp(
    lambda g, _y, x1, x2: xlogy(_unless_both_zero(g, x1, x2), quotient(x1, x2)) + _unless_both_zero(g, x1, x2),
    lambda g, _y, x1, x2: -quotient(g * x1, x2),
)

kl_div = of_scipy("kl_div", "rel_entr(x1, x2) - x1 + x2: convex, 0 where x1 = x2, and nowhere negative.", 2)
kl_div.defvjp(
    lambda g, _y, x1, x2: xlogy(_unless_both_zero(g, x1, x2), quotient(x1, x2)),
    lambda g, _y, x1, x2: g - quotient(g * x1, x2),
)
