"""Variance, its root, and weighted averages."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..constants import plain
from ..errors import ShapeError
from ..primitive import primitive
from .arithmetic import quotient
from .comparing import zeros_like
from .complex import conj, real
from .creating import asarray
from .powers import sqrt
from .reducing import Axis, axes_of, count, kept_axes, masked, mean, sum
from .selecting import maximum
from .shaping import astype, reshape, squeeze, transpose

__all__ = ["average", "std", "var"]


def _degrees(shape: tuple[int, ...], axis: Axis, ddof: float) -> Any:
    """Degrees of freedom; where none are left, a division by them warns and gives NaN as NumPy's does."""
    return np.float64(np.maximum(count(shape, axis) - ddof, 0)).item()


def _deviation(x: Any, axis: Axis) -> Any:
    """The conjugate of x - mean(x): half the derivative of n |x - mean(x)|²."""
    return conj(x - mean(x, axis, keepdims=True))


@primitive
def _var(x: Any, axis: Axis = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    return np.asarray(x).var(axis, dtype, None, ddof, keepdims)  # type: ignore[call-overload]  # quicker than np.var


_var.defvjp(
    lambda g, _y, x, axis, dtype, ddof, keepdims: (
        kept_axes(g * 2 / _degrees(x.shape, axis, ddof), x.shape, axis) * _deviation(x, axis)
    )
)


def _first(x: Any, axis: Axis) -> Any:
    """The first of the elements that go into each result: less that, equal elements are 0 exactly."""
    axes = axes_of(x.ndim, axis)
    return x[tuple(slice(0, 1) if i in axes else slice(None) for i in range(x.ndim))]


@primitive
def _std(x: Any, axis: Axis = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    return np.asarray(x).std(axis, dtype, None, ddof, keepdims)  # type: ignore[call-overload]


_std.defvjp(
    lambda g, y, x, axis, dtype, ddof, keepdims: quotient(
        kept_axes(g / _degrees(x.shape, axis, ddof), x.shape, axis) * _deviation(x - _first(x, axis), axis),
        kept_axes(y, x.shape, axis),
    )
)


def var(
    x: Any, axis: Axis = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False, where: Any = True,
    mean: Any = None, correction: float | None = None,
) -> Any:  # fmt: skip
    """Σ |x - mean(x)|² / (n - ddof) over some axes, of the n elements that the mask `where` selects.

    Args:
        mean: the mean, if it is known, with the reduced axes kept.
        correction: another name for `ddof`.
    """
    ddof = ddof_of(ddof, correction)
    if where is True and mean is None:
        return _var(x, axis, dtype, ddof=ddof, keepdims=keepdims)
    squares = square_sum(deviations(x, axis, dtype, where, mean), axis)
    y = squares / degrees_left(x.shape, axis, ddof, where).astype(squares.dtype)
    return y if keepdims else squeeze(y, axes_of(x.ndim, axis))


def std(
    x: Any, axis: Axis = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False, where: Any = True,
    mean: Any = None, correction: float | None = None,
) -> Any:  # fmt: skip
    """√var(x), with the same arguments; its derivative is 0 where all elements are the same."""
    ddof = ddof_of(ddof, correction)
    if where is True and mean is None:
        return _std(x, axis, dtype, ddof=ddof, keepdims=keepdims)
    size = length(deviations(x, axis, dtype, where, mean), axis)
    y = size / sqrt(degrees_left(x.shape, axis, ddof, where).astype(size.dtype))
    return y if keepdims else squeeze(y, axes_of(x.ndim, axis))


def ddof_of(ddof: float, correction: float | None) -> float:
    """The one that is given.

    Raises:
        ValueError: both are.
    """
    if correction is not None and ddof:
        raise ValueError(f"ddof={ddof} and correction={correction} are two names for one thing; give one of them")
    return ddof if correction is None else correction


def mean_or_zero(x: Any, axis: Axis, dtype: Any, where: Any) -> Any:
    """The mean of what a mask selects, 0 if that is nothing; the reduced axes are kept."""
    total = sum(x, axis, np.float64 if dtype is None and x.dtype.kind in "biu" else dtype, keepdims=True, where=where)
    return total / maximum(count(x.shape, axis, where), 1).astype(total.dtype)


def deviations(x: Any, axis: Axis, dtype: Any, where: Any, mean: Any) -> Any:
    """x - mean(x) of what a mask selects, and 0 elsewhere."""
    x = x if dtype is None else astype(x, dtype)
    return masked(x - (mean_or_zero(x, axis, dtype, where) if mean is None else mean), where)


def square_sum(x: Any, axis: Axis) -> Any:
    """Σ |x|² over some axes, which are kept."""
    return sum(real(x * conj(x)), axis, keepdims=True)


@primitive
def length(x: Any, axis: Axis = None) -> Any:
    """√Σ |x|² over some axes, which are kept; its derivative at 0 is 0."""
    return np.sqrt(np.add.reduce(np.real(x * np.conj(x)), axis, keepdims=True))


length.defvjp(lambda g, y, x, axis: quotient(g * conj(x), y))


def degrees_left(shape: tuple[int, ...], axis: Axis, ddof: float, where: Any) -> Any:
    """The degrees of freedom of each result, 0 with a warning where none are left."""
    n = np.asarray(plain(count(shape, axis, where))) - ddof
    if (n <= 0).any():
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=3)
    return np.maximum(n, 0)


def average(a: Any, axis: Axis = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False) -> Any:
    """Σ w a / Σ w over some axes, with the weights' sums beside it if `returned`.

    Args:
        weights: of the shape of a, or of its axes that are averaged; by default all the same.

    Raises:
        ZeroDivisionError: weights whose sum is 0.
        ShapeError, TypeError: weights of another shape; fewer axes than a, and none named.
    """
    a = asarray(a)
    if weights is None:
        y = mean(a, axis, keepdims=keepdims)
        total: Any = y.dtype.type(a.size / y.size)
    else:
        weights = weights_along(a, weights, axis)
        dtype = np.result_type(a.dtype, weights.dtype, *([np.float64] if a.dtype.kind in "biu" else []))
        total = sum(weights, axis, dtype, keepdims=keepdims)
        if (total == 0).any():
            raise ZeroDivisionError("average: the weights sum to zero, and cannot be normalized")
        y = sum(a * weights, axis, dtype, keepdims=keepdims) / total
    return (y, total + zeros_like(y)) if returned else y


def weights_along(x: Any, weights: Any, axis: Axis) -> Any:
    """Weights with an axis for each of x's, of size 1 where they do not depend on it.

    Raises:
        ShapeError, TypeError: neither of the shape of x nor of that of the axes that are named.
    """
    weights = asarray(weights)
    if weights.shape == x.shape:
        return weights
    if axis is None:
        raise TypeError(
            f"weights: shape {weights.shape} is not that of x, {x.shape}; say with axis= what they go along"
        )
    axes = axes_of(x.ndim, axis)
    if weights.shape != tuple(x.shape[i] for i in axes):
        raise ShapeError(f"weights: shape {weights.shape} is neither that of x, {x.shape}, nor of its axes {axes}")
    return reshape(
        transpose(weights, tuple(np.argsort(axes))), tuple(n if i in axes else 1 for i, n in enumerate(x.shape))
    )
