"""Products, with `numpy.linalg`'s signatures: vectors and matrices lie on the last axes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from ...errors import ShapeError
from .. import contracting, indexing, products, shaping
from ..products import matmul, tensordot
from .matrices import matrices

__all__ = ["cross", "diagonal", "matmul", "matrix_transpose", "multi_dot", "outer", "tensordot", "trace", "vecdot"]


def diagonal(x: Any, /, *, offset: int = 0) -> Any:
    """The diagonals of the matrices on the last two axes."""
    return indexing.diagonal(matrices("diagonal", x), offset, -2, -1)


def matrix_transpose(x: Any, /) -> Any:
    """The last two axes exchanged."""
    return shaping.matrix_transpose(matrices("matrix_transpose", x))


def trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    """The sums of the diagonals of the matrices on the last two axes."""
    return diagonal(x, offset=offset).sum(axis=-1, dtype=dtype)


def outer(x1: Any, x2: Any, /) -> Any:
    """All products of an element of the vector x1 with one of x2, (n, m)."""
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        raise ShapeError(f"outer: expected two vectors, got shapes {np.shape(x1)} and {np.shape(x2)}")
    return products.outer(x1, x2)


def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """The vector products of vectors of three elements along an axis."""
    return contracting.cross(x1, x2, axis=axis)


def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """Σ conj(x1) x2 along an axis."""
    return contracting.vecdot(x1, x2, axis)


def multi_dot(arrays: Sequence[Any]) -> Any:
    """The product of matrices, in the order that takes the fewest multiplications; first and last may be vectors.

    The order is found by dynamic programming over where the last product is taken (T. Cormen et al., Introduction to
    Algorithms, section 15.2).

    Raises:
        ValueError: fewer than two arrays, or shapes that do not go together.
    """
    arrays = [x if hasattr(x, "ndim") else np.asarray(x) for x in arrays]
    if len(arrays) < 2:
        raise ValueError(f"multi_dot: expected at least two arrays, got {len(arrays)}")
    wrong = [x.shape for i, x in enumerate(arrays) if x.ndim != 2 and (x.ndim != 1 or 0 < i < len(arrays) - 1)]
    if wrong:
        raise np.linalg.LinAlgError(f"multi_dot: expected matrices, vectors only at the ends, got shapes {wrong}")
    first = 1 if arrays[0].ndim == 1 else len(arrays[0])
    sizes = [first, *(x.shape[0] for x in arrays[1:]), 1 if arrays[-1].ndim == 1 else arrays[-1].shape[1]]

    @cache
    def best(i: int, j: int) -> tuple[int, int]:
        """The multiplications for the product of arrays i to j, and the last array of its left factor."""
        if i == j:
            return 0, i
        return min((best(i, k)[0] + best(k + 1, j)[0] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j))

    def product(i: int, j: int) -> Any:
        return arrays[i] if i == j else matmul(product(i, k := best(i, j)[1]), product(k + 1, j))

    return product(0, len(arrays) - 1)
