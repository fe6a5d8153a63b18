"""Norms of vectors and matrices, and condition numbers. The gradient of a norm at 0 is 0."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..complex import abs, conj, real
from ..extrema import max, min
from ..powers import sqrt
from ..reducing import kept_axes, sum
from ..selecting import where
from ..shaping import moveaxis
from .inverting import inv
from .matrices import constant, identity, inexact, matrices, square
from .singular import svdvals

__all__ = ["cond", "matrix_norm", "norm", "vector_norm"]

Axis = int | tuple[int, ...] | None


def norm(x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Any:
    """The norm of vectors (one axis), of matrices (two), or with ord=None of all that x holds, √Σ|x|².

    Vectors: ord p is (Σ|x|ᵖ)^(1/p), inf the largest and -inf the smallest |x|, and 0 the number of elements that are
    not 0, a constant. Matrices: "fro" is √Σ|x|², "nuc" the sum of the singular values, 2 the largest, -2 the smallest,
    1 and -1 the largest and smallest column sum of |x|, inf and -inf row sum. Where several are the largest they share
    the gradient.

    Raises:
        ValueError: an ord that there is not, or too many axes for it.
    """
    x = x if hasattr(x, "ndim") else np.asarray(x)
    if ord is None and axis is None:
        return vector_norm(x, keepdims=keepdims)
    axes = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim)
    if len(axes) == 1:
        return vector_norm(x, axis=axes, keepdims=keepdims, ord=2 if ord is None else ord)
    if len(axes) == 2:
        y = matrix_norm(moveaxis(x, axes, (-2, -1)), ord="fro" if ord is None else ord)
        return kept_axes(y, x.shape, axes) if keepdims else y
    raise ValueError(f"norm: ord={ord!r} is for one axis or two, got axis={axis} of an array of shape {x.shape}")


def vector_norm(x: Any, /, *, axis: Axis = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """The norm of vectors that lie along one axis, several, or by default all; ord as in `norm`."""
    x = inexact(x)
    axis = tuple(range(x.ndim)) if axis is None else axis
    if isinstance(ord, str):
        raise ValueError(f"norm: {ord!r} is a norm of matrices, not of vectors")
    if ord == 0:
        return (x != 0).astype(np.finfo(x.dtype).dtype).sum(axis=axis, keepdims=keepdims)
    if ord == 2:
        return _root(sum(real(conj(x) * x), axis, keepdims=keepdims), 2)
    size = abs(x)
    if ord == np.inf:
        return _largest(size, axis, keepdims)
    if ord == -np.inf:
        return min(size, axis, keepdims=keepdims)
    return sum(size, axis, keepdims=keepdims) if ord == 1 else _root(sum(size**ord, axis, keepdims=keepdims), ord)


def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """The norm of matrices on the last two axes; ord as in `norm`."""
    x = inexact(matrices("matrix_norm", x))
    if ord in ("fro", "f"):
        return vector_norm(x, axis=(-2, -1), keepdims=keepdims)
    if ord == "nuc":
        y = sum(_singular_values(x), -1)
    elif ord == 2:
        y = _largest(_singular_values(x), -1)
    elif ord == -2:
        y = min(_singular_values(x), -1)
    elif ord in (1, np.inf):
        y = _largest(sum(abs(x), -2 if ord == 1 else -1), -1)
    elif ord in (-1, -np.inf):
        y = min(sum(abs(x), -2 if ord == -1 else -1), -1)
    else:
        raise ValueError(
            f"norm: matrices have no norm of ord={ord!r}; expected 'fro', 'nuc', 1, 2, inf or their negatives"
        )
    return kept_axes(y, x.shape, (-2, -1)) if keepdims else y


def cond(x: Any, p: Any = None) -> Any:
    """How much a matrix (..., m, n) can magnify errors: |x| |x⁻¹| in the norm `ord=p`, or σ₁ / σₖ (by default).

    Infinite, with gradient 0, for a singular matrix.

    Raises:
        LinAlgError: there is nothing in x; it is not square, for a p other than 2 and -2.
    """
    x = matrices("cond", x)
    values = np.asarray(np.linalg.cond(constant(x), p))
    by_singular_values = p is None or p in (2, -2)
    if np.isinf(values).any():
        x = where(np.isinf(values)[..., None, None], identity(x), x)
    if by_singular_values:
        s = _singular_values(x)
        y = s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    else:
        y = matrix_norm(square("cond", x), ord=p) * matrix_norm(inv(x), ord=p)
    return where(np.isinf(values), np.inf, y) if np.isinf(values).any() else y


def _singular_values(x: Any) -> Any:
    """They have a kink at 0, as |x| has."""
    return abs(svdvals(x))


def _root(total: Any, p: float) -> Any:
    """total ** (1 / p), with derivative 0 at 0."""
    return where(total == 0, 0, sqrt(total) if p == 2 else total ** (1 / p))


def _largest(x: Any, axis: Axis, keepdims: bool = False) -> Any:
    """The largest of some that are not negative, 0 of none."""
    return max(x, axis, keepdims=keepdims) if x.size else sum(x, axis, keepdims=keepdims)
