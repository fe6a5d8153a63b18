"""Error functions and the normal distribution (DLMF 7)."""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

from ...primitive import elementwise
from ..arithmetic import quotient
from ..complex import real
from ..exponential import exp
from ..selecting import where
from ..trigonometric import cos, sin
from .faddeeva import erfcx
from .scipys import of_scipy, scipys

__all__ = [
    "erf", "erfc", "erfcinv", "erfi", "erfinv", "fresnel", "log_ndtr", "ndtr", "ndtri", "ndtri_exp", "owens_t",
]  # fmt: skip

erf = of_scipy("erf", "2/√π ∫₀ˣ exp(-t²) dt.")
erf.defvjp(lambda g, _y, x: g * (exp(-x * x) * (2 / sqrt(pi))))

erfc = of_scipy("erfc", "1 - erf(x), accurate for large x.")
erfc.defvjp(lambda g, _y, x: g * (exp(-x * x) * (-2 / sqrt(pi))))

erfi = of_scipy("erfi", "-i erf(ix) = 2/√π ∫₀ˣ exp(t²) dt.")
erfi.defvjp(lambda g, _y, x: g * (exp(x * x) * (2 / sqrt(pi))))

erfinv = of_scipy("erfinv", "The inverse of erf.")
erfinv.defvjp(lambda g, y, _x: quotient(g, exp(-y * y) * (2 / sqrt(pi))))

erfcinv = of_scipy("erfcinv", "The inverse of erfc.")
erfcinv.defvjp(lambda g, y, _x: quotient(g, exp(-y * y) * (-2 / sqrt(pi))))


def _density(x: Any) -> Any:
    """The normal distribution's."""
    return exp(-x * x / 2) / sqrt(2 * pi)


ndtr = of_scipy("ndtr", "Φ(x), the normal distribution.")
ndtr.defvjp(lambda g, _y, x: g * _density(x))

ndtri = of_scipy("ndtri", "The inverse of ndtr.")
ndtri.defvjp(lambda g, y, _x: quotient(g, _density(y)))


def _density_over_ndtr(x: Any) -> Any:
    """The derivative of ln Φ(x), without 0 / 0 for negative x and without ∞ / ∞ for positive ones."""
    negative = real(x) < 0
    below, above = where(negative, x, 0), where(negative, 0, x)
    return where(negative, sqrt(2 / pi) / erfcx(below * -sqrt(0.5)), _density(above) / ndtr(above))


log_ndtr = of_scipy("log_ndtr", "ln Φ(x), without underflow.")
log_ndtr.defvjp(lambda g, _y, x: g * _density_over_ndtr(x))

ndtri_exp = of_scipy("ndtri_exp", "The inverse of log_ndtr.")
ndtri_exp.defvjp(lambda g, y, _x: quotient(g, _density_over_ndtr(y)))

owens_t = of_scipy("owens_t", "Owen's T(h, a): the probability of X > h, 0 < Y < aX for normal X, Y.", 2)
owens_t.defvjp(
    lambda g, _y, h, a: g * (_density(h) * erf(a * h * sqrt(0.5)) / -2),
    lambda g, _y, h, a: g * (exp(-h * h * (1 + a * a) / 2) / (1 + a * a) / (2 * pi)),
)


@elementwise
def _fresnel(x: Any, output: int = 0) -> Any:
    return scipys("fresnel")(x)[output]


_fresnel.defvjp(lambda g, _y, x, output: g * (sin, cos)[output](x * x * (pi / 2)))


def fresnel(x: Any) -> tuple[Any, Any]:
    """Fresnel's integrals S = ∫₀ˣ sin(πt²/2) dt and C = ∫₀ˣ cos(πt²/2) dt."""
    return _fresnel(x, output=0), _fresnel(x, output=1)
