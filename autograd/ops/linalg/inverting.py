"""Inverses and linear systems.

Source of the rules: M. Giles, An extended collection of matrix derivative results (2008), section 2.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from ...broadcasting import sum_to
from ...diagnosis import whereabouts
from ...primitive import primitive
from ..comparing import zeros_like
from ..products import matmul
from ..shaping import ravel, reshape, transpose
from .matrices import identity, square

__all__ = ["inv", "matrix_power", "solve", "tensorinv", "tensorsolve"]


@primitive
def inv(a: Any) -> Any:
    """a⁻¹, for a (..., n, n).

    Y = A⁻¹ has dY = -Y dA Y.

    Raises:
        LinAlgError: a matrix is singular, or not square.
    """
    return np.linalg.inv(a)


inv.defvjp(lambda g, y, _a: -(y.mT @ g @ y.mT))


@primitive
def _solve(a: Any, b: Any) -> Any:
    return np.linalg.solve(a, b)


def _solve_by_matrix(g: Any, y: Any, a: Any, _b: Any) -> Any:
    return sum_to(-(_solve(a.mT, g) @ y.mT), a.shape)


def _solve_by_right_side(g: Any, _y: Any, a: Any, _b: Any) -> Any:
    return sum_to(_solve(a.mT, g), _b.shape)


_solve.defvjp(_solve_by_matrix, _solve_by_right_side)


def solve(a: Any, b: Any) -> Any:
    """The x with a x = b, for a (..., n, n) and b (n,) or (..., n, k); leading axes broadcast.

    X = A⁻¹ B has dX = A⁻¹ (dB - dA X).

    Raises:
        LinAlgError: a matrix is singular, or not square.
    """
    a, b = square("solve", a), b if hasattr(b, "ndim") else np.asarray(b)
    return _solve(a, b[:, None])[..., 0] if b.ndim == 1 else _solve(a, b)


def matrix_power(a: Any, n: int) -> Any:
    """a multiplied by itself n times, for a (..., m, m); by its inverse if n is negative, the identity if n is 0."""
    a = square("matrix_power", a)
    try:
        n = operator.index(n)
    except TypeError:
        raise TypeError(f"matrix_power: expected an integer exponent, got {n!r}") from None
    if n < 0:
        a, n = inv(a), -n
    if n == 0:
        return zeros_like(a) + identity(a)
    if n == 1:
        return a
    half = matrix_power(a, n // 2)
    return matmul(half, half) if n % 2 == 0 else matmul(matmul(half, half), a)


def tensorsolve(a: Any, b: Any, axes: Sequence[int] | None = None) -> Any:
    """The x with tensordot(a, x, x.ndim) = b, after the `axes` of a were moved to its end.

    Raises:
        LinAlgError: a is not square in the sense that as many elements are summed over as b has, or is singular.
    """
    a, b = (x if hasattr(x, "ndim") else np.asarray(x) for x in (a, b))
    if axes is not None:
        a = transpose(a, (*(i for i in range(a.ndim) if i not in axes), *axes))
    summed = a.shape[len(a.shape) - (a.ndim - b.ndim) :]
    if a.size != prod(summed) ** 2:
        raise np.linalg.LinAlgError(
            f"tensorsolve: a {a.shape} has {a.size} elements, but {prod(summed)} unknowns {summed} need their square; "
            f"{whereabouts({'a': a, 'b': b})}"
        )
    return reshape(solve(reshape(a, (prod(summed), prod(summed))), ravel(b)), summed)


def tensorinv(a: Any, ind: int = 2) -> Any:
    """The inverse of a as a map from its last axes to its first `ind` ones: tensordot(y, a, ind) is the identity.

    Raises:
        LinAlgError: the first axes have another number of elements than the others, or the map is singular.
        ValueError: ind is not positive.
    """
    if ind <= 0:
        raise ValueError(f"tensorinv: ind must be positive, got {ind}")
    first, last = a.shape[:ind], a.shape[ind:]
    return reshape(inv(square("tensorinv", reshape(a, (prod(first), prod(last))))), (*last, *first))
