"""The derivative of the incomplete gamma function P(a, x) by a, the shape of a gamma distribution.

Up to x = a + 1 that of its series (DLMF 8.7.1), beyond that of the continued fraction of 1 - P (DLMF 8.9.2), each
differentiated term by term: the terms have one sign, so none of it cancels in the tails.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...primitive import elementwise
from ..exponential import exp, log
from .gammas import digamma, gammaln
from .scipys import no_rule

__all__: list[str] = []


@elementwise
def gammainc_by_shape(a: Any, x: Any) -> Any:
    """∂P(a, x) / ∂a."""
    dtype = np.result_type(a, x, np.float32)
    a, x = np.broadcast_arrays(*(np.asarray(each).astype(np.float64, casting="same_kind") for each in (a, x)))
    inside = (a > 0) & (x > 0) & np.isfinite(x)
    by_series, by_fraction = inside & (x <= a + 1), inside & (x > a + 1)
    y = np.where((a > 0) & ((x == 0) | (x == np.inf)), 0.0, np.nan)  # P is 0 and 1 there, whatever a
    y[by_series] = _series(a[by_series], x[by_series])
    y[by_fraction] = _fraction(a[by_fraction], x[by_fraction])
    return y.astype(dtype)


def _series(a: Any, x: Any) -> Any:
    """Σ tₖ (ln x - ψ(a + k + 1)) with tₖ = x^(a + k) e^-x / Γ(a + k + 1)."""
    term, slope = np.exp(a * np.log(x) - x - gammaln(a + 1)), np.log(x) - digamma(a + 1)
    total = np.zeros_like(x)
    for k in range(int(40 + 10 * np.sqrt(a.max(initial=0)))):
        total += term * slope
        slope -= 1 / (a + k + 1)
        term *= x / (a + k + 1)
    return total


def _fraction(a: Any, x: Any) -> Any:
    """1 - P = x^a e^-x / Γ(a) / F₀ with Fₖ = x + 2k + 1 - a - (k + 1)(k + 1 - a) / Fₖ₊₁."""
    depth = int(60 + 6 * np.sqrt(a.max(initial=0)))
    F, slope = x + 2 * depth + 1 - a, np.full_like(x, -1)
    for k in range(depth - 1, -1, -1):
        numerator = (k + 1) * (k + 1 - a)
        F, slope = x + 2 * k + 1 - a - numerator / F, -1 + (k + 1) / F + numerator * slope / F / F
    front = np.exp(a * np.log(x) - x - gammaln(a))
    return -front * ((np.log(x) - digamma(a)) / F - slope / F / F)


def _by_shape_by_x(a: Any, x: Any) -> Any:
    """The derivative by a of x^(a - 1) e^-x / Γ(a)."""
    return exp((a - 1) * log(x) - x - gammaln(a)) * (log(x) - digamma(a))


gammainc_by_shape.defvjp(no_rule("gammainc", "a (a second time)"), lambda g, _y, a, x: g * _by_shape_by_x(a, x))
