"""Polynomials as vectors of coefficients, the highest power first: numpy.polyval and its like."""

from __future__ import annotations

from typing import Any

import numpy as np

from .comparing import nonzero
from .complex import absolute
from .creating import asarray
from .joining import concatenate
from .shaping import atleast_1d, reshape

__all__ = ["poly", "polyadd", "polyder", "polydiv", "polyint", "polymul", "polysub", "polyval"]

_NOTHING = 1e-8  # NumPy takes leading coefficients of a remainder for zero up to here


def polyval(p: Any, x: Any) -> Any:
    """p[0] x ** (n-1) + ... + p[n-2] x + p[n-1], by Horner's scheme; x may be an array of any shape."""
    p, x = atleast_1d(asarray(p)), asarray(x)
    y = 0 * x
    for coefficient in p:
        y = y * x + coefficient
    return y


def polyadd(a1: Any, a2: Any) -> Any:
    """The sum of two polynomials."""
    a1, a2 = _of_one_length(a1, a2)
    return a1 + a2


def polysub(a1: Any, a2: Any) -> Any:
    """The difference of two polynomials."""
    a1, a2 = _of_one_length(a1, a2)
    return a1 - a2


def _of_one_length(a1: Any, a2: Any) -> tuple[Any, Any]:
    a1, a2 = atleast_1d(asarray(a1)), atleast_1d(asarray(a2))
    missing = len(a2) - len(a1)
    return _led_by_zeros(a1, missing), _led_by_zeros(a2, -missing)


def _led_by_zeros(p: Any, count: int) -> Any:
    return concatenate((np.zeros(count, p.dtype), p)) if count > 0 else p


def polymul(a1: Any, a2: Any) -> Any:
    """The product of two polynomials: their coefficients convolved."""
    a1, a2 = atleast_1d(asarray(a1)), atleast_1d(asarray(a2))
    n = len(a2)
    products = reshape(a1, (-1, 1)) * a2  # (m, n): the product in row i, column j belongs to power i + j
    shifted = concatenate((products, np.zeros((len(a1), len(a1)), products.dtype)), 1)  # each row one further right
    return reshape(reshape(shifted, -1)[: len(a1) * (len(a1) + n - 1)], (len(a1), -1)).sum(axis=0)


def polyder(p: Any, m: int = 1) -> Any:
    """The m-th derivative of a polynomial."""
    if m < 0:
        raise ValueError(f"polyder: the order of the derivative, {m}, must not be negative")
    p = atleast_1d(asarray(p))
    for _ in range(m):
        p = p[:-1] * np.arange(len(p) - 1, 0, -1)
    return p


def polyint(p: Any, m: int = 1, k: Any = None) -> Any:
    """The m-th antiderivative of a polynomial, with constants of integration `k` (0), one for each order.

    Raises:
        ValueError: m < 0, or not one constant for each order.
    """
    if m < 0:
        raise ValueError(f"polyint: the order of the integral, {m}, must not be negative")
    p = atleast_1d(asarray(p))
    constants = atleast_1d(asarray(np.zeros(m) if k is None else k))
    if len(constants) == 1:
        constants = concatenate([constants] * m) if m else constants[:0]
    if len(constants) < m:
        raise ValueError(f"polyint: expected one constant or {m}, got {len(constants)}")
    for i in range(m):
        p = concatenate((p / np.arange(len(p), 0, -1), constants[i : i + 1]))
    return p


def poly(seq_of_zeros: Any) -> Any:
    """The polynomial with these zeros, or the characteristic polynomial of a square matrix.

    Raises:
        ValueError: neither a vector nor a square matrix.
    """
    zeros = atleast_1d(asarray(seq_of_zeros))
    if zeros.ndim == 2 and zeros.shape[0] == zeros.shape[1] != 0:
        from .linalg import eigvals

        zeros = eigvals(zeros)
    elif zeros.ndim != 1:
        raise ValueError(f"poly: expected a vector of zeros or a square matrix, got shape {zeros.shape}")
    if not len(zeros):
        return zeros.sum() + 1
    p = np.ones(1, zeros.dtype)
    for zero in zeros:
        p = polymul(p, concatenate((np.ones(1, zeros.dtype), reshape(-zero, 1))))
    return p


def polydiv(u: Any, v: Any) -> tuple[Any, Any]:
    """Quotient and remainder of two polynomials: u = quotient * v + remainder, the remainder of lower degree than v.

    Raises:
        ZeroDivisionError: the leading coefficient of v is 0.
    """
    v = atleast_1d(asarray(v)) + 0.0
    u = atleast_1d(asarray(u)) + 0.0 * v[0]
    if v[0] == 0:
        raise ZeroDivisionError("polydiv: the leading coefficient of the divisor is 0")
    factors = []
    for _ in range(len(u) - len(v) + 1):
        factors.append(u[:1] / v[0])
        u = concatenate((u[1 : len(v)] - factors[-1] * v[1:], u[len(v) :]))
    leading = nonzero(absolute(u) > _NOTHING)[0]
    remainder = u[leading[0] if leading.size else len(u) - 1 :] if len(u) else reshape(u.sum(), 1)
    return concatenate(factors) if factors else 0 * u[:1], remainder
