"""Triangular factors: Cholesky and QR."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import MissingRuleError
from ...primitive import primitive
from ..complex import conj
from ..joining import concatenate
from ..shaping import tril
from .degeneracy import are_equal, determined
from .inverting import inv, solve
from .matrices import constant, from_triangle, identity, matrices, mH, square
from .packing import pack, unpack

__all__ = ["cholesky", "qr"]

QRResult = type(np.linalg.qr(np.eye(1)))


@primitive
def _cholesky(a: Any) -> Any:
    return np.linalg.cholesky(a)


def _cholesky_rule(g: Any, y: Any, _a: Any) -> Any:
    """Ā = L⁻ᴴ Φ(Lᴴ L̄) L⁻¹, where Φ takes the lower triangle and half of the diagonal."""
    lower_inverse = inv(y)
    product = mH(y) @ conj(g)
    half = tril(product) - product * identity(product) / 2
    return conj(mH(lower_inverse) @ half @ lower_inverse)


_cholesky.defvjp(_cholesky_rule)


def cholesky(a: Any, /, *, upper: bool = False) -> Any:
    """The triangular factor of positive definite a (..., n, n): L, with a = L Lᴴ, or the `upper` U, with a = Uᴴ U.

    dL = L Φ(L⁻¹ dA L⁻ᴴ), where Φ takes the lower triangle and half of the diagonal (I. Murray, Differentiation of the
    Cholesky decomposition, 2016). Only the lower (upper) triangle of a is read: gradients are 0 outside of it.

    Raises:
        LinAlgError: a is not positive definite, or not square.
    """
    a = square("cholesky", a)
    return mH(_cholesky(from_triangle(a, "U"))) if upper else _cholesky(from_triangle(a))


@primitive
def _qr(a: Any) -> Any:
    return pack(np.linalg.qr(a), (2, 2))


def _qr_rule(g: Any, y: Any, _a: Any) -> Any:
    """Ā = (Q̄ + Q H) R⁻ᴴ, where H is Hermitian with the lower triangle of M = R R̄ᴴ - Q̄ᴴ Q."""
    n = _a.shape[-1]
    (q, r), (gq, gr) = unpack(y, _a.shape[-2:], (n, n)), unpack(conj(g), _a.shape[-2:], (n, n))
    size = np.abs(constant(r).diagonal(0, -2, -1))
    if np.any(are_equal(size, 0 * size, size.max(axis=-1, keepdims=True, initial=0))):
        raise np.linalg.LinAlgError("qr: the first columns are not independent, so their factors have no derivative")
    m = r @ mH(gr) - mH(gq) @ q
    return conj(mH(solve(r, mH(gq + q @ from_triangle(m)))))


_qr.defvjp(_qr_rule)


def qr(a: Any, mode: str = "reduced") -> Any:
    """a = Q R with orthonormal columns Q and upper triangular R, for a (..., m, n).

    mode "reduced": Q (..., m, k) and R (..., k, n) with k = min(m, n); "complete": Q (..., m, m) and R (..., m, n);
    "r": R (..., k, n) alone. The diagonal of R is real, with the signs that LAPACK chose. The first k columns of a must
    be independent. The columns that "complete" adds to Q are an arbitrary basis: a loss must not depend on which.

    The rule is that of S. Walter and L. Lehmann, Algorithmic differentiation of linear algebra functions (2012).

    Raises:
        LinAlgError: in the derivative, the first k columns are dependent, or the loss depends on the basis.
        MissingRuleError: mode "raw", LAPACK's Householder vectors.
        ValueError: another mode.
    """
    if mode == "raw":
        raise MissingRuleError("qr: mode 'raw' has no derivative here; use 'reduced', 'complete' or 'r'")
    if mode not in ("reduced", "complete", "r"):
        raise ValueError(f"qr: expected mode 'reduced', 'complete' or 'r', got {mode!r}")
    a = matrices("qr", a)
    m, n = a.shape[-2:]
    k = min(m, n)
    q, r = unpack(_qr(a[..., :k]), (m, k), (k, k))
    if k < n:
        r = concatenate([r, mH(q) @ a[..., k:]], -1)
    if mode == "complete" and m > n:
        q = concatenate([q, complement(q, np.linalg.qr(constant(a), "complete")[0][..., n:])], -1)
        r = concatenate([r, np.zeros((*r.shape[:-2], m - n, n), r.dtype)], -2)
    return r if mode == "r" else QRResult(q, r)


@primitive
def complement(q: Any, basis: Any) -> Any:
    """The part C of an orthonormal basis that is orthogonal to orthonormal columns Q: all of it, in value.

    dC = -Q dQᴴ C; how C turns within its own space is arbitrary.
    """
    return basis - q @ (mH(q) @ basis)


def _complement_rule(g: Any, y: Any, q: Any, _basis: Any) -> Any:
    g = conj(g)
    turning = mH(y) @ g
    determined(
        constant(turning - mH(turning)), True,
        "the loss depends on the basis that was chosen for vectors of which only the space is determined; let it "
        "depend on c @ c.conj().mT, or leave them out",
    )  # fmt: skip
    return conj(-(y @ (mH(g) @ q)))


complement.defvjp(_complement_rule, lambda g, _y, q, _basis: g - conj(q) @ (q.mT @ g))
