"""The gamma function and its relatives (DLMF 5)."""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np

from ...errors import DTypeError
from ...primitive import elementwise
from ..complex import real
from ..selecting import where
from ..trigonometric import cos, sin
from .poles import times
from .scipys import no_rule, of_scipy, scipys

__all__ = [
    "beta", "betaln", "binom", "digamma", "gamma", "gammaln", "gammasgn", "loggamma", "multigammaln", "poch",
    "polygamma", "psi", "rgamma", "zeta",
]  # fmt: skip


@elementwise
def polygamma(n: Any, x: Any) -> Any:
    """The n-th derivative of ψ(x), for an integer n.

    Raises:
        DTypeError: a complex x, for which SciPy has none.
    """
    if np.iscomplexobj(x):
        raise DTypeError("polygamma: SciPy has the derivatives of digamma for real x alone, got complex ones")
    return scipys("polygamma")(n, x)


polygamma.defvjp(no_rule("polygamma", "n"), lambda g, _y, n, x: times(g, polygamma(n + 1, x)))

digamma = of_scipy("psi", "ψ(x) = Γ'(x) / Γ(x).")
digamma.defvjp(lambda g, _y, x: times(g, polygamma(1, x)))
psi = digamma

gamma = of_scipy("gamma", "Γ(x).")
gamma.defvjp(lambda g, y, x: times(g, y * digamma(x)))

gammaln = of_scipy("gammaln", "ln |Γ(x)|.")
gammaln.defvjp(lambda g, _y, x: times(g, digamma(x)))

loggamma = of_scipy("loggamma", "The logarithm of Γ(x) that is analytic but for a cut along the negative axis.")
loggamma.defvjp(lambda g, _y, x: times(g, digamma(x)))

gammasgn = of_scipy("gammasgn", "The sign of Γ(x); its derivative is 0.")
gammasgn.defvjp(lambda g, _y, _x: g * 0)

rgamma = of_scipy("rgamma", "1 / Γ(x), which has no pole.")


def _rgamma_derivative(y: Any, x: Any) -> Any:
    """-ψ(x) / Γ(x); left of 1/2 by reflection (DLMF 5.5.3), for there ψ has poles where 1 / Γ is 0."""
    left = real(x) < 0.5
    x_left, x_right = where(left, x, 0), where(left, 1, x)
    turn = x_left * pi
    reflected = gamma(1 - x_left) * (cos(turn) - sin(turn) * digamma(1 - x_left) / pi)
    return where(left, reflected, -y * digamma(x_right))


rgamma.defvjp(lambda g, y, x: g * _rgamma_derivative(y, x))

_zeta = of_scipy("zeta", "Hurwitz's ζ(x, q) = Σ (k + q)^-x.", 2)
_zeta.defvjp(no_rule("zeta", "x"), lambda g, _y, x, q: times(g, -x * _zeta(x + 1, q)))


def zeta(x: Any, q: Any = 1) -> Any:
    """Hurwitz's ζ(x, q) = Σ (k + q)^-x, from k = 0; Riemann's for q = 1 (DLMF 25.11)."""
    return _zeta(x, 1 if q is None else q)


beta = of_scipy("beta", "B(a, b) = Γ(a) Γ(b) / Γ(a + b).", 2)
beta.defvjp(
    lambda g, y, a, b: times(g, y * (digamma(a) - digamma(a + b))),
    lambda g, y, a, b: times(g, y * (digamma(b) - digamma(a + b))),
)

betaln = of_scipy("betaln", "ln |B(a, b)|.", 2)
betaln.defvjp(
    lambda g, _y, a, b: times(g, digamma(a) - digamma(a + b)),
    lambda g, _y, a, b: times(g, digamma(b) - digamma(a + b)),
)

binom = of_scipy("binom", "Γ(n + 1) / Γ(k + 1) / Γ(n - k + 1), of real n and k.", 2)
binom.defvjp(
    lambda g, y, n, k: g * (y * (digamma(n + 1) - digamma(n - k + 1))),
    lambda g, y, n, k: g * (y * (digamma(n - k + 1) - digamma(k + 1))),
)

poch = of_scipy("poch", "Pochhammer's Γ(x + m) / Γ(x), of x and m.", 2)
poch.defvjp(
    lambda g, y, x, m: g * (y * (digamma(x + m) - digamma(x))),
    lambda g, y, x, m: g * (y * digamma(x + m)),
)


def multigammaln(a: Any, d: int) -> Any:
    """The logarithm of the gamma function of d dimensions, π^(d(d-1)/4) Π Γ(a - j/2) for j = 0 ... d - 1.

    Raises:
        ValueError: d is no positive integer, or an a <= (d - 1) / 2.
    """
    if d < 1 or d != int(d):
        raise ValueError(f"multigammaln: expected a positive integer d, got {d}")
    if (a <= (d - 1) / 2).any():
        raise ValueError(f"multigammaln: every a must be larger than (d - 1) / 2 = {(d - 1) / 2}")
    return sum(gammaln(a - j / 2) for j in range(int(d))) + d * (d - 1) / 4 * log(pi)
