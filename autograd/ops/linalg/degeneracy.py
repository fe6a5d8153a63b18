"""Vectors that belong to equal values are not determined, and have no derivative.

The eigenvectors of a repeated eigenvalue may be turned within their subspace, and a complex one may be multiplied by a
phase; so may singular vectors. How vectors turn is divided by the difference of their values. Where that is 0, a loss
that does not use the vectors has a gradient, and any other gets an error, not a number.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arithmetic import quotient
from ..selecting import where
from .matrices import constant

__all__ = ["are_equal", "determined", "per_gap"]


def are_equal(one: Any, other: Any, largest: Any) -> Any:
    """Which values LAPACK cannot tell apart: they differ by less than its rounding errors, 8 n ε times the largest."""
    one, other, largest = constant(one), constant(other), np.abs(constant(largest))
    size = max(1, *one.shape[-1:], *other.shape[-1:])
    return np.abs(one - other) <= 8 * size * np.finfo(largest.dtype).eps * largest


def determined(turning: Any, free: Any, message: str) -> None:
    """Check that a loss does not depend on a choice.

    Args:
        turning: (..., n, m), how much the loss changes as vectors turn towards each other.
        free: which of these turns are arbitrary.
        message: what is wrong if it changes by more than rounding errors.

    Raises:
        LinAlgError: it does.
    """
    sizes = np.abs(constant(turning))
    epsilon = np.finfo(sizes.dtype).eps
    allowed = epsilon**0.5 * sizes.max(axis=(-2, -1), keepdims=True, initial=0) + 64 * epsilon
    if np.any(free & (sizes > allowed)):
        raise np.linalg.LinAlgError(message)


def per_gap(x: Any, gaps: Any, equal: Any) -> Any:
    """x / gaps, and 0 between equal values."""
    return quotient(where(equal, 0, x), where(equal, 0, gaps))
