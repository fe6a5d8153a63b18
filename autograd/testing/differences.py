"""Derivatives from values alone: central differences, extrapolated to step zero."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

__all__ = ["STEP", "derivative_at_zero"]

STEP = 2.0**-11
"""The largest step. A power of two, so that adding it to arguments of moderate size loses nothing."""


def derivative_at_zero(function: Callable[[float], float], step: float = STEP) -> tuple[float, float]:
    """f'(0), and how far the last two extrapolations are apart.

    The error of a central difference is a series in even powers of the step h; from h, h/2 and h/4 Richardson's
    extrapolation cancels h² and h⁴. What is left is of the size h⁶ f⁽⁷⁾ / 300,000 + 10 ε |f| / h, near 1e-12 |f| for
    h = 2⁻¹¹ and an f that changes over distances of 1.
    """
    quotients = [(function(h) - function(-h)) / (2 * h) for h in (step, step / 2, step / 4)]
    once = [(4 * fine - coarse) / 3 for coarse, fine in pairwise(quotients)]
    twice = (16 * once[1] - once[0]) / 15
    return twice, abs(twice - once[1])
