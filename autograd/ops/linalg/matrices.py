"""Matrices on the last two axes: their conjugate transposes, Hermitian ones, and a complaint about what is none."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...diagnosis import whereabouts
from ...tensor import Tensor
from ..complex import conj, real
from ..selecting import where
from ..shaping import matrix_transpose, tril, triu

__all__ = ["constant", "from_triangle", "identity", "inexact", "mH", "matrices", "on_diagonal", "square"]


def matrices(name: str, a: Any) -> Any:
    """What an operation of that name was given, as an array of matrices.

    Raises:
        LinAlgError: it has fewer than two axes.
    """
    a = a if hasattr(a, "dtype") else np.asarray(a)
    if a.ndim < 2:
        raise np.linalg.LinAlgError(
            f"{name}: expected matrices on the last two axes, got an array of shape {a.shape}; {whereabouts({'a': a})}"
        )
    return a


def square(name: str, a: Any) -> Any:
    """As `matrices`, for operations on square ones.

    Raises:
        LinAlgError: the last two axes have other sizes, or are not there.
    """
    a = matrices(name, a)
    if a.shape[-1] != a.shape[-2]:
        raise np.linalg.LinAlgError(
            f"{name}: expected square matrices on the last two axes, got an array of shape {a.shape}; "
            f"{whereabouts({'a': a})}"
        )
    return a


def inexact(x: Any) -> Any:
    """x as an array, integers and booleans as float64."""
    x = x if hasattr(x, "dtype") else np.asarray(x)
    return x if x.dtype.kind in "fc" else x.astype(np.float64)


def mH(a: Any) -> Any:  # noqa: N802 - the array API's name
    """aᴴ, the conjugate transpose."""
    return conj(matrix_transpose(a)) if a.dtype.kind == "c" else matrix_transpose(a)


def from_triangle(a: Any, UPLO: str = "L") -> Any:
    """The Hermitian matrix that has the lower (or upper) triangle of a; what else a has does not count.

    Raises:
        ValueError: UPLO is neither "L" nor "U".
    """
    if UPLO.upper() not in ("L", "U"):
        raise ValueError(f"UPLO must be 'L' or 'U', got {UPLO!r}")
    strict = tril(a, -1) if UPLO.upper() == "L" else triu(a, 1)
    return where(identity(a), real(a), strict + mH(strict))


def identity(a: Any) -> Any:
    """Where the diagonal of a matrix is: booleans."""
    return np.eye(a.shape[-2], a.shape[-1], dtype=bool)


def on_diagonal(values: Any, elsewhere: Any) -> Any:
    """Matrices with other values, (..., n), on their diagonals."""
    return where(identity(elsewhere), values[..., None, :], elsewhere)


def constant(x: Any) -> Any:
    """The values alone, for decisions that have no derivative."""
    return x.numpy() if isinstance(x, Tensor) else np.asarray(x)
