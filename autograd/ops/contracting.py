"""More products: of vectors along an axis, of vectors with matrices, and of all pairs."""

from __future__ import annotations

from typing import Any

from numpy.lib.array_utils import normalize_axis_index

from ..diagnosis import whereabouts
from ..errors import ShapeError
from .complex import conj
from .creating import asarray
from .joining import stack
from .products import matmul
from .shaping import expand_dims, moveaxis, ravel, reshape

__all__ = ["cross", "kron", "matvec", "vdot", "vecdot", "vecmat"]


def vdot(a: Any, b: Any, /) -> Any:
    """Σ conj(a) b over all elements."""
    return matmul(conj(ravel(asarray(a))), ravel(asarray(b)))


def vecdot(x1: Any, x2: Any, /, axis: int = -1) -> Any:
    """Σ conj(x1) x2 along an axis: (..., n), (..., n) -> (...)."""
    x1, x2 = (moveaxis(asarray(x), axis, -1) for x in (x1, x2))
    _check("vecdot", "vectors of one length", x1, 1, x2, -1)
    return matmul(conj(expand_dims(x1, -2)), expand_dims(x2, -1))[..., 0, 0]


def matvec(x1: Any, x2: Any, /) -> Any:
    """x1 @ x2 for matrices and vectors: (..., m, n), (..., n) -> (..., m)."""
    x1, x2 = asarray(x1), asarray(x2)
    _check("matvec", "matrices (..., m, n) and vectors (..., n)", x1, 2, x2, -1)
    return matmul(x1, expand_dims(x2, -1))[..., 0]


def vecmat(x1: Any, x2: Any, /) -> Any:
    """conj(x1) @ x2 for vectors and matrices: (..., n), (..., n, m) -> (..., m)."""
    x1, x2 = asarray(x1), asarray(x2)
    _check("vecmat", "vectors (..., n) and matrices (..., n, m)", x1, 1, x2, -2)
    return matmul(conj(expand_dims(x1, -2)), x2)[..., 0, :]


def _check(name: str, expected: str, x1: Any, axes: int, x2: Any, summed: int) -> None:
    """Raise ShapeError if x1 or x2 has too few axes, or the two differ in size where they are summed over."""
    if x1.ndim < axes or x2.ndim < -summed or x1.shape[-1] != x2.shape[summed]:
        where = whereabouts({"x1": x1, "x2": x2})
        raise ShapeError(f"{name}: expected {expected}, got x1 {x1.shape} and x2 {x2.shape}; {where}")


def kron(a: Any, b: Any) -> Any:
    """The Kronecker product: each element of a, multiplied by all of b."""
    a, b = asarray(a), asarray(b)
    n = max(a.ndim, b.ndim)
    a, b = (reshape(x, (1,) * (n - x.ndim) + x.shape) for x in (a, b))
    pairs = expand_dims(a, tuple(range(1, 2 * n, 2))) * expand_dims(b, tuple(range(0, 2 * n, 2)))
    return reshape(pairs, tuple(k * m for k, m in zip(a.shape, b.shape, strict=True)))


def cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    """The vector products of vectors of three elements, along `axis` or along one axis each of a, b and the result.

    Raises:
        ShapeError: vectors of other lengths; NumPy is about to give up those of two.
    """
    a, b = asarray(a), asarray(b)
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis,) * 3
    if (a.shape[normalize_axis_index(axisa, a.ndim)], b.shape[normalize_axis_index(axisb, b.ndim)]) != (3, 3):
        raise ShapeError(
            f"cross: expected vectors of three elements, got a {a.shape} along axis {axisa} and b {b.shape} along axis "
            f"{axisb}; give vectors of two elements a zero for the third"
        )
    (a1, a2, a3), (b1, b2, b3) = moveaxis(a, axisa, 0), moveaxis(b, axisb, 0)
    return stack([a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1], axisc)
