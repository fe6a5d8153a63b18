"""Incomplete gamma and beta functions and their inverses (DLMF 8). By a shape, gamma's alone have a derivative here."""

from __future__ import annotations

from typing import Any

from ..arithmetic import quotient
from ..exponential import exp
from .elementary import xlog1py, xlogy
from .gammas import betaln, gammaln
from .scipys import no_rule, of_scipy
from .shape import gammainc_by_shape

__all__ = [
    "betainc", "betaincc", "betainccinv", "betaincinv", "gammainc", "gammaincc", "gammainccinv", "gammaincinv",
]  # fmt: skip


def _gamma_density(a: Any, x: Any) -> Any:
    return exp(xlogy(a - 1, x) - x - gammaln(a))


gammainc = of_scipy("gammainc", "P(a, x) = ∫₀ˣ t^(a-1) e^(-t) dt / Γ(a).", 2)
gammainc.defvjp(lambda g, _y, a, x: g * gammainc_by_shape(a, x), lambda g, _y, a, x: g * _gamma_density(a, x))

gammaincc = of_scipy("gammaincc", "Q(a, x) = 1 - P(a, x).", 2)
gammaincc.defvjp(lambda g, _y, a, x: -g * gammainc_by_shape(a, x), lambda g, _y, a, x: -g * _gamma_density(a, x))

gammaincinv = of_scipy("gammaincinv", "The inverse of gammainc by x: of a and P.", 2)
gammaincinv.defvjp(
    lambda g, y, a, _p: -quotient(g * gammainc_by_shape(a, y), _gamma_density(a, y)),
    lambda g, y, a, _p: quotient(g, _gamma_density(a, y)),
)

gammainccinv = of_scipy("gammainccinv", "The inverse of gammaincc by x: of a and Q.", 2)
gammainccinv.defvjp(
    lambda g, y, a, _q: -quotient(g * gammainc_by_shape(a, y), _gamma_density(a, y)),
    lambda g, y, a, _q: -quotient(g, _gamma_density(a, y)),
)


def _beta_density(a: Any, b: Any, x: Any) -> Any:
    return exp(xlogy(a - 1, x) + xlog1py(b - 1, -x) - betaln(a, b))


betainc = of_scipy("betainc", "I(a, b, x) = ∫₀ˣ t^(a-1) (1-t)^(b-1) dt / B(a, b).", 3)
betainc.defvjp(no_rule("betainc", "a"), no_rule("betainc", "b"), lambda g, _y, a, b, x: g * _beta_density(a, b, x))

betaincc = of_scipy("betaincc", "1 - I(a, b, x).", 3)
betaincc.defvjp(no_rule("betaincc", "a"), no_rule("betaincc", "b"), lambda g, _y, a, b, x: -g * _beta_density(a, b, x))

betaincinv = of_scipy("betaincinv", "The inverse of betainc by x: of a, b and I.", 3)
betaincinv.defvjp(
    no_rule("betaincinv", "a"), no_rule("betaincinv", "b"), lambda g, y, a, b, _p: quotient(g, _beta_density(a, b, y))
)

betainccinv = of_scipy("betainccinv", "The inverse of betaincc by x: of a, b and 1 - I.", 3)
betainccinv.defvjp(
    no_rule("betainccinv", "a"),
    no_rule("betainccinv", "b"),
    lambda g, y, a, b, _q: -quotient(g, _beta_density(a, b, y)),
)
