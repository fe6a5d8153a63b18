"""Reductions: sum and mean, variance, max and min, prod, running sums."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..primitive import primitive
from .arithmetic import quotient
from .complex import conj
from .joining import concatenate
from .selecting import maximum, where
from .shaping import broadcast_to, reshape, transpose

__all__ = [
    "amax", "amin", "cumsum", "max", "mean", "min", "prod", "std", "sum", "var",
]  # fmt: skip

Axis = int | tuple[int, ...] | None


def kept_axes(g: Any, shape: tuple[int, ...], axis: Axis) -> Any:
    """A reduced array with its reduced axes back, of size 1."""
    axes = range(len(shape)) if axis is None else normalize_axis_tuple(axis, len(shape))
    return g.reshape(tuple(1 if i in axes else size for i, size in enumerate(shape)))


def _count(shape: tuple[int, ...], axis: Axis) -> int:
    """How many elements go into each result."""
    axes = range(len(shape)) if axis is None else normalize_axis_tuple(axis, len(shape))
    return math.prod(shape[i] for i in axes)


def _degrees(shape: tuple[int, ...], axis: Axis, ddof: float) -> Any:
    """Degrees of freedom; where none are left, a division by them warns and gives NaN as NumPy's does."""
    return np.float64(np.maximum(_count(shape, axis) - ddof, 0)).item()


@primitive
def sum(x: Any, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False) -> Any:
    """Σ x over some axes."""
    return np.add.reduce(x, axis, dtype, keepdims=keepdims)  # type: ignore[call-overload]


sum.defvjp(lambda g, _y, _x, axis, dtype, keepdims: broadcast_to(kept_axes(g, _x.shape, axis), _x.shape))


@primitive
def mean(x: Any, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False) -> Any:
    """Σ x / n over some axes."""
    return np.mean(x, axis, dtype, keepdims=keepdims)


mean.defvjp(
    lambda g, _y, _x, axis, dtype, keepdims: broadcast_to(
        kept_axes(g / (_count(_x.shape, axis) or 1), _x.shape, axis), _x.shape
    )
)


@primitive
def var(x: Any, axis: Axis = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    """Σ |x - mean(x)|² / (n - ddof) over some axes."""
    return np.var(x, axis, dtype, ddof=ddof, keepdims=keepdims)


def _deviation(x: Any, axis: Axis) -> Any:
    """The conjugate of x - mean(x): half the derivative of n |x - mean(x)|²."""
    return conj(x - mean(x, axis, keepdims=True))


var.defvjp(
    lambda g, _y, x, axis, dtype, ddof, keepdims: (
        kept_axes(g * 2 / _degrees(x.shape, axis, ddof), x.shape, axis) * _deviation(x, axis)
    )
)


def _first(x: Any, axis: Axis) -> Any:
    """The first of the elements that go into each result: less that, equal elements are 0 exactly."""
    axes = range(x.ndim) if axis is None else normalize_axis_tuple(axis, x.ndim)
    return x[tuple(slice(0, 1) if i in axes else slice(None) for i in range(x.ndim))]


@primitive
def std(x: Any, axis: Axis = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    """√var(x); its derivative is 0 where all elements are the same."""
    return np.std(x, axis, dtype, ddof=ddof, keepdims=keepdims)


std.defvjp(
    lambda g, y, x, axis, dtype, ddof, keepdims: quotient(
        kept_axes(g / _degrees(x.shape, axis, ddof), x.shape, axis) * _deviation(x - _first(x, axis), axis),
        kept_axes(y, x.shape, axis),
    )
)


@primitive
def max(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """The largest element along some axes; ties share the gradient equally."""
    return np.max(x, axis, keepdims=keepdims)


@primitive
def min(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """The smallest element along some axes; ties share the gradient equally."""
    return np.min(x, axis, keepdims=keepdims)


def _to_winners(g: Any, y: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    wins = x == kept_axes(y, x.shape, axis)
    shares = wins.sum(axis=axis, keepdims=True).astype(x.dtype)
    return where(wins, kept_axes(g, x.shape, axis) / maximum(shares, 1), 0)  # no winner where y is NaN


max.defvjp(_to_winners)
min.defvjp(_to_winners)
amax = max
amin = min


def prod(x: Any, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False) -> Any:
    """Π x over some axes.

    Multiplied pairwise, as a tree, so that derivatives of every order are right where elements are zero.
    """
    axes = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim)
    rest = tuple(i for i in range(x.ndim) if i not in axes)
    y = reshape(transpose(x, (*axes, *rest)), (_count(x.shape, axes), *(x.shape[i] for i in rest)))
    if dtype is not None or y.dtype.kind in "biu":
        y = y.astype(np.prod(np.empty(0, y.dtype), dtype=dtype).dtype)  # NumPy multiplies small integers as int64
    while len(y) > 1:
        half = len(y) // 2
        product = y[:half] * y[half : 2 * half]
        y = product if len(y) % 2 == 0 else _with_last(product, y[-1])
    y = y[0] if len(y) else np.ones(y.shape[1:], y.dtype) + y.sum(axis=0)
    return kept_axes(y, x.shape, axes) if keepdims else y


def _with_last(product: Any, last: Any) -> Any:
    """The product with a factor that had no partner multiplied into its first row."""
    first = reshape(product[0] * last, (1, *last.shape))
    if len(product) == 1:
        return first
    return concatenate((first, product[1:]))


@primitive
def cumsum(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """Running sums along an axis, or raveled."""
    return np.cumsum(x, axis, dtype)


def _reverse_cumsum(g: Any, axis: int) -> Any:
    """From each element to the end."""
    order = tuple(slice(None, None, -1) if i == axis % g.ndim else slice(None) for i in range(g.ndim))
    return cumsum(g[order], axis)[order]


cumsum.defvjp(
    lambda g, _y, _x, axis, dtype: reshape(_reverse_cumsum(g, axis or 0), _x.shape)  # (1,) for a 0-d x
)
