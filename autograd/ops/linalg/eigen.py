"""Eigenvalues and eigenvectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...primitive import primitive
from ..complex import conj, real
from ..indexing import diagonal
from .degeneracy import are_equal, determined, per_gap
from .inverting import solve
from .matrices import constant, from_triangle, identity, mH, on_diagonal, square
from .packing import pack, unpack

__all__ = ["eig", "eigh", "eigvals", "eigvalsh"]

EighResult = type(np.linalg.eigh(np.eye(1)))
EigResult = type(np.linalg.eig(np.eye(1)))

_UNDETERMINED = (
    "the loss depends on which eigenvectors were found where they are not determined: on the phase of a complex one, "
    "or on the vectors of a repeated eigenvalue; let it depend on eigenvalues alone, on v vᴴ of one v, or on others"
)


def _gaps(w: Any) -> tuple[Any, Any]:
    """wⱼ - wᵢ, and where the two are equal."""
    row, column = w[..., None, :], w[..., :, None]
    largest = np.abs(constant(w)).max(axis=-1, initial=0)[..., None, None]
    return row - column, are_equal(row, column, largest)


@primitive
def _eigh(a: Any, UPLO: Any = "L") -> Any:
    return pack(np.linalg.eigh(a, UPLO), (1, 2))


def _eigh_rule(g: Any, y: Any, _a: Any, UPLO: Any) -> Any:
    """Ā = V (diag(w̄) + (M - Mᴴ) / 2E) Vᴴ, for M = Vᴴ V̄ and Eᵢⱼ = wⱼ - wᵢ."""
    shapes = _a.shape[-1:], _a.shape[-2:]
    (w, v), (gw, gv) = unpack(y, *shapes), unpack(conj(g), *shapes)
    gaps, equal = _gaps(real(w))
    m = mH(v) @ gv
    turning = (m - mH(m)) / 2
    determined(np.where(identity(m), constant(turning), constant(m)), equal, f"eigh: {_UNDETERMINED}")
    return conj(v @ on_diagonal(gw, per_gap(turning, gaps, equal)) @ mH(v))


_eigh.defvjp(_eigh_rule)


def eigh(a: Any, UPLO: str = "L") -> Any:
    """Eigenvalues w (..., n), ascending, and orthonormal eigenvectors v (..., n, n) of Hermitian matrices.

    dw = diag(Vᴴ dA V), dV = V (F ∘ Vᴴ dA V) with Fᵢⱼ = 1 / (wⱼ - wᵢ) and 0 on the diagonal (Giles 2008, section 3.1).

    Only the lower (or upper) triangle of a is read, so gradients are 0 outside of it; take `(a + a.mT.conj()) / 2` for
    one that is Hermitian too. A repeated eigenvalue shares its gradient among its vectors: what depends on its copies
    alike, as their sum, has the right one. The vectors of a repeated eigenvalue, and the phases of complex ones, are
    arbitrary: a loss must not depend on them. Nor can it have a gradient through them where it is the same for every
    choice, as one of v f(w) vᴴ is: that is a limit, which needs to know f' and not v. Equal is what differs by less
    than 8 n ε times the largest.

    Raises:
        LinAlgError: a is not square; in the derivative, the loss depends on vectors that are not determined.
    """
    w, v = unpack(_eigh(from_triangle(square("eigh", a), UPLO), UPLO), a.shape[-1:], a.shape[-2:])
    return EighResult(real(w), v)


def eigvalsh(a: Any, UPLO: str = "L") -> Any:
    """The eigenvalues (..., n) of Hermitian matrices, ascending; see `eigh`."""
    return eigh(square("eigvalsh", a), UPLO).eigenvalues


@primitive
def _eig(a: Any) -> Any:
    return pack(np.linalg.eig(a), (1, 2))


def _eig_rule(g: Any, y: Any, _a: Any) -> Any:
    """Ā = V⁻ᴴ (diag(w̄) + (M - VᴴV diag(Re M)) / conj(E)) Vᴴ, for M = Vᴴ V̄ and Eᵢⱼ = wⱼ - wᵢ."""
    shapes = _a.shape[-1:], _a.shape[-2:]
    (w, v), (gw, gv) = unpack(y, *shapes), unpack(conj(g), *shapes)
    gaps, equal = _gaps(w)
    m = mH(v) @ gv
    turning = m - mH(v) @ v * real(diagonal(m, 0, -2, -1))[..., None, :]
    determined(constant(turning), equal, f"eig: {_UNDETERMINED}")
    return conj(solve(mH(v), on_diagonal(gw, per_gap(turning, conj(gaps), equal)) @ mH(v)))


_eig.defvjp(_eig_rule)


def eig(a: Any) -> Any:
    """Eigenvalues w (..., n) and eigenvectors v (..., n, n), of length 1, of square matrices.

    dw = diag(V⁻¹ dA V), dV = V (F ∘ V⁻¹ dA V) with Fᵢⱼ = 1 / (wⱼ - wᵢ), less what would change a length or a phase
    (C. Boeddeker et al., On the computation of complex-valued gradients, 2017; PyTorch's linalg.eig).

    Results are complex, except where all eigenvalues of real matrices are real. The phases of the vectors, and those
    of a repeated eigenvalue, are arbitrary: a loss must not depend on them; see `eigh`.

    Raises:
        LinAlgError: a is not square, or not finite; in the derivative, a has no basis of eigenvectors, or the loss
            depends on vectors that are not determined.
    """
    w, v = unpack(_eig(square("eig", a)), a.shape[-1:], a.shape[-2:])
    return EigResult(w, v)


def eigvals(a: Any) -> Any:
    """The eigenvalues (..., n) of square matrices, in no order; see `eig`."""
    return eig(square("eigvals", a)).eigenvalues
