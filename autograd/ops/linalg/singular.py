"""Singular values and vectors, and what is made of them: pseudo-inverses, least squares, ranks."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...diagnosis import whereabouts
from ...primitive import nondifferentiable, primitive
from ..complex import abs, conj, real
from ..indexing import diagonal, take_along_axis
from ..joining import concatenate
from ..reducing import sum
from .degeneracy import are_equal, determined, per_gap
from .eigen import eigh
from .factoring import complement
from .matrices import constant, from_triangle, identity, inexact, matrices, mH, on_diagonal, square
from .packing import pack, unpack

__all__ = ["lstsq", "matrix_rank", "pinv", "svd", "svdvals"]

SVDResult = type(np.linalg.svd(np.eye(1)))

_UNDETERMINED = (
    "svd: the loss depends on which singular vectors were found where they are not determined: on the phase of complex "
    "ones, or on those of a repeated singular value or of 0; let it depend on singular values alone, on u vh of one "
    "pair, or on others"
)


@primitive
def _svd(a: Any) -> Any:
    return pack(np.linalg.svd(a, full_matrices=False), (2, 1, 2))


def _svd_rule(g: Any, y: Any, _a: Any) -> Any:
    """Ā = U (diag(s̄) + (S(M) S + S S(N)) / E) Vᴴ + (I - U Uᴴ) Ū S⁻¹ Vᴴ + U S⁻¹ V̄ᴴ (I - V Vᴴ)

    for M = Uᴴ Ū, N = Vᴴ V̄, S(X) = X - Xᴴ and Eᵢⱼ = sⱼ² - sᵢ². A complex M adds its phases, i Im Mᵢᵢ / sᵢ, to s̄.
    """
    m, n = _a.shape[-2:]
    shapes = (m, k := min(m, n)), (k,), (k, n)
    (u, s, vh), (gu, gs, gvh) = unpack(y, *shapes), unpack(conj(g), *shapes)
    s, v, gv = real(s), mH(vh), mH(gvh)
    row, column = s[..., None, :], s[..., :, None]
    largest = row[..., :1]
    zero, equal = are_equal(row, 0 * largest, largest), are_equal(row, column, largest)

    left, right = mH(u) @ gu, mH(v) @ gv
    turned_left, turned_right = left - mH(left), right - mH(right)
    turning = turned_left * row + column * turned_right
    free = np.where(identity(turning), constant(turning), constant(abs(left) + abs(right)))
    determined(free, equal, _UNDETERMINED)
    inner = per_gap(turning, (row - column) * (row + column), equal)

    def per_value(x: Any) -> Any:
        """x S⁻¹: 0 is a repeated singular value too, that of all which is orthogonal to the others."""
        determined(constant(x), zero, _UNDETERMINED)
        return per_gap(x, row, zero)

    if turning.dtype.kind == "c":
        gs = gs + per_value(diagonal(turned_left, 0, -2, -1)[..., None, :] / 2)[..., 0, :]
    ga = u @ on_diagonal(gs, inner) @ vh
    if m > k:
        ga = ga + per_value(gu - u @ left) @ vh
    if n > k:
        ga = ga + u @ mH(per_value(gv - v @ right))
    return conj(ga)


_svd.defvjp(_svd_rule)


def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """a = U diag(S) Vh with orthonormal columns U, orthonormal rows Vh, and S descending, for a (..., m, n).

    With k = min(m, n): U (..., m, k), S (..., k), Vh (..., k, n); with `full_matrices` U (..., m, m), Vh (..., n, n). S
    alone if not `compute_uv`. With `hermitian`, the lower triangle of Hermitian matrices is read, as by `eigh`.

    The rule is that of J. Townsend, Differentiating the singular value decomposition (2016). The vectors of a repeated
    singular value, those that `full_matrices` adds, and the phases of complex ones, are arbitrary: a loss must not
    depend on them. A repeated singular value shares its gradient among its copies.

    Raises:
        LinAlgError: a has fewer than two axes; in the derivative, the loss depends on vectors that are not determined.
    """
    a = matrices("svd", a)
    if hermitian:
        return _svd_of_hermitian(square("svd", a), compute_uv)
    m, n = a.shape[-2:]
    k = min(m, n)
    u, s, vh = unpack(_svd(a), (m, k), (k,), (k, n))
    if not compute_uv:
        return real(s)
    if full_matrices and m != n:
        full = np.linalg.svd(constant(a))
        if m > n:
            u = concatenate([u, complement(u, full[0][..., k:])], -1)
        else:
            vh = concatenate([vh, mH(complement(mH(vh), mH(full[2][..., k:, :])))], -2)
    return SVDResult(u, real(s), vh)


def _svd_of_hermitian(a: Any, compute_uv: bool) -> Any:
    """Singular values are the sizes of the eigenvalues; V has the signs."""
    w, v = eigh(a)
    order = np.argsort(np.abs(constant(w)))[..., ::-1]
    signs = np.copysign(w.dtype.type(1), np.take_along_axis(constant(w), order, -1))
    s = take_along_axis(w, order, -1) * signs
    u = take_along_axis(v, np.broadcast_to(order[..., None, :], v.shape), -1)
    return SVDResult(u, s, mH(u * signs[..., None, :])) if compute_uv else s


def svdvals(x: Any, /) -> Any:
    """The singular values (..., k) of matrices, descending; see `svd`."""
    return svd(matrices("svdvals", x), False, False)


@primitive
def _pinv(a: Any, rcond: Any = 1e-15) -> Any:
    return np.linalg.pinv(a, rcond)


def _pinv_rule(g: Any, y: Any, a: Any, rcond: Any) -> Any:
    """Ā = (I - A P) P̄ᴴ P Pᴴ + Pᴴ P P̄ᴴ (I - P A) - Pᴴ P̄ Pᴴ."""
    gp, gh, p, ph = conj(g), mH(conj(g)), y, mH(y)
    return conj((gh - a @ (p @ gh)) @ (p @ ph) + ph @ p @ (gh - (gh @ p) @ a) - ph @ gp @ ph)


_pinv.defvjp(_pinv_rule)


def pinv(a: Any, rcond: Any = None, hermitian: bool = False, *, rtol: Any = np._NoValue) -> Any:
    """The pseudo-inverse (..., n, m) of a (..., m, n): singular values up to `rcond` times the largest count as 0.

    dP = -P dA P + P Pᴴ dAᴴ (I - A P) + (I - P A) dAᴴ Pᴴ P, among matrices of the same rank (G. Golub and V. Pereyra,
    The differentiation of pseudo-inverses and nonlinear least squares problems, 1973). With `hermitian`, the lower
    triangle of Hermitian matrices is read.

    Args:
        rcond, rtol: two names of one number; 1e-15 by default, and max(m, n) ε for rtol=None.

    Raises:
        ValueError: both are given.
    """
    a = square("pinv", a) if hermitian else matrices("pinv", a)
    if rcond is not None and rtol is not np._NoValue:
        raise ValueError("pinv: `rtol` and `rcond` are the same; give one of them")
    if rcond is None:
        rcond = 1e-15 if rtol is np._NoValue else rtol
    if rcond is None:
        rcond = max(a.shape[-2:]) * np.finfo(a.dtype).eps
    return _pinv(from_triangle(a) if hermitian else a, rcond)


def lstsq(a: Any, b: Any, rcond: float | None = None) -> tuple[Any, Any, int, Any]:
    """The x of least |x| among those with least |b - a x|, for a (m, n) and b (m,) or (m, k).

    Returns x = pinv(a, rcond) b, the squares of |b - a x| by columns (none if rank < n or m <= n), the rank, and the
    singular values of a. Gradients are those of `pinv`: exact as long as the rank stays what it is.

    Args:
        rcond: singular values up to so many times the largest count as 0; max(m, n) ε by default, ε if negative.

    Raises:
        LinAlgError: a is no matrix, b no vector or matrix, or they differ in length.
    """
    a, b = inexact(matrices("lstsq", a)), inexact(b)
    if a.ndim != 2 or b.ndim not in (1, 2) or len(a) != len(b):
        raise np.linalg.LinAlgError(
            f"lstsq: expected a (m, n) and b (m,) or (m, k), got a {a.shape} and b {b.shape}; "
            f"{whereabouts({'a': a, 'b': b})}"
        )
    (m, n), s = a.shape, svdvals(a)
    epsilon = np.finfo(s.dtype).eps
    rcond = epsilon * max(m, n) if rcond is None else epsilon if rcond < 0 else rcond
    rank = int(np.sum(constant(s) > rcond * constant(s).max(initial=0)))
    x = pinv(a, rcond) @ b
    residuals = sum(abs(b - a @ x) ** 2, axis=0, keepdims=b.ndim == 1)
    return x, residuals if rank == n < m else residuals[:0], rank, s


@nondifferentiable
def matrix_rank(A: Any, tol: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Any:
    """The number of singular values above `tol`, or above `rtol` times the largest: a constant."""
    return np.linalg.matrix_rank(A, tol, hermitian, rtol=rtol)
