"""Hypergeometric functions. A derivative raises every parameter by one (DLMF 13.3, 15.5, 16.3)."""

from __future__ import annotations

from ..arithmetic import quotient
from .scipys import no_rule, of_scipy

__all__ = ["exprel", "hyp0f1", "hyp1f1", "hyp2f1"]

hyp0f1 = of_scipy("hyp0f1", "₀F₁(; b; x), of b and x.", 2)
hyp0f1.defvjp(no_rule("hyp0f1", "b"), lambda g, _y, b, x: quotient(g, b) * hyp0f1(b + 1, x))

hyp1f1 = of_scipy("hyp1f1", "Kummer's function ₁F₁(a; b; x), of a, b and x.", 3)
hyp1f1.defvjp(
    no_rule("hyp1f1", "a"),
    no_rule("hyp1f1", "b"),
    lambda g, _y, a, b, x: quotient(g * a, b) * hyp1f1(a + 1, b + 1, x),
)

hyp2f1 = of_scipy("hyp2f1", "Gauss's function ₂F₁(a, b; c; x), of a, b, c and x.", 4)
hyp2f1.defvjp(
    no_rule("hyp2f1", "a"),
    no_rule("hyp2f1", "b"),
    no_rule("hyp2f1", "c"),
    lambda g, _y, a, b, c, x: quotient(g * a * b, c) * hyp2f1(a + 1, b + 1, c + 1, x),
)

exprel = of_scipy("exprel", "(eˣ - 1) / x, which is ₁F₁(1; 2; x), and 1 at 0.")
exprel.defvjp(lambda g, _y, x: g * (hyp1f1(2, 3, x) / 2))
