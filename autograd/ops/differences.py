"""Differences of neighbours, gradients on grids, and the trapezoidal rule."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..constants import tracked
from ..errors import ShapeError
from .comparing import not_equal
from .creating import asarray
from .joining import concatenate
from .reducing import Axis, axes_of, sum
from .shaping import astype, broadcast_to, moveaxis, ravel, reshape

__all__ = ["diff", "ediff1d", "gradient", "trapezoid"]


def _after_and_before(x: Any, axis: int) -> tuple[Any, Any]:
    """All elements but the first along an axis, and all but the last."""
    front = (slice(None),) * (axis % x.ndim)
    return x[(*front, slice(1, None))], x[(*front, slice(None, -1))]


def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """xᵢ₊₁ - xᵢ along an axis, n times, of `a` with what is put before and behind it. Of booleans: whether they differ.

    Raises:
        ValueError: n < 0, or a number instead of an array.
    """
    x = asarray(a)
    if n == 0:
        return a
    if n < 0:
        raise ValueError(f"diff: n must not be negative, got {n}")
    if x.ndim == 0:
        raise ShapeError("diff: expected an array with at least one axis, got a number")
    axis = normalize_axis_index(axis, x.ndim)
    line = tuple(1 if i == axis else size for i, size in enumerate(x.shape))
    ends = [None if end is None else asarray(end) for end in (prepend, append)]
    before, after = ([] if end is None else [end if end.ndim else broadcast_to(end, line)] for end in ends)
    if before or after:
        x = concatenate((*before, x, *after), axis)
    for _ in range(n):
        later, earlier = _after_and_before(x, axis)
        x = not_equal(later, earlier) if x.dtype == bool else later - earlier
    return x


def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """xᵢ₊₁ - xᵢ of the raveled array, with numbers of its dtype put in front and behind.

    Raises:
        TypeError: these numbers cannot become the array's dtype.
    """
    x = ravel(asarray(ary))
    later, earlier = _after_and_before(x, 0)
    ends = [[] if end is None else [ravel(asarray(end))] for end in (to_begin, to_end)]
    return concatenate((*ends[0], later - earlier, *ends[1]), dtype=x.dtype)


def gradient(f: Any, *varargs: Any, axis: Axis = None, edge_order: int = 1) -> Any:
    """The derivative along each axis, by differences of second order inside and of `edge_order` at both ends.

    Args:
        varargs: the spacing of the grid, 1 by default: one for all axes, or for each axis its own, or its coordinates.

    Returns: an array for each axis, in a tuple; for one axis the array.

    Raises:
        ValueError: coordinates that do not fit, too few points, an edge_order beyond 2.
        TypeError: not one spacing for each axis.
    """
    f = asarray(f)
    f = astype(f, np.float64) if f.dtype.kind in "iu" else f
    axes = axes_of(f.ndim, axis)
    spacings = varargs or (1.0,)
    if len(spacings) == 1 and np.ndim(spacings[0]) == 0:
        spacings = spacings * len(axes)
    if len(spacings) != len(axes):
        raise TypeError(f"gradient: expected one spacing, or one for each of {len(axes)} axes, got {len(spacings)}")
    if edge_order not in (1, 2):
        raise ValueError(f"gradient: expected edge_order 1 or 2, got {edge_order}")
    slopes = []
    for i, spacing in zip(axes, spacings, strict=True):
        if f.shape[i] <= edge_order:
            raise ShapeError(f"gradient: axis {i} has {f.shape[i]} points, and needs {edge_order + 1}")
        y = _slopes(moveaxis(f, i, 0), _steps(asarray(spacing), f.shape[i]), edge_order)
        slopes.append(moveaxis(astype(y, f.dtype if f.dtype.kind in "fc" else np.float64, copy=False), 0, i))
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


def _steps(spacing: Any, size: int) -> Any:
    """The step of an even grid, or the steps between coordinates."""
    if spacing.ndim == 0:
        return spacing
    if spacing.shape != (size,):
        raise ShapeError(f"gradient: expected {size} coordinates along the axis, got shape {spacing.shape}")
    steps = diff(spacing if spacing.dtype.kind in "fc" else astype(spacing, np.float64))
    even = not tracked(spacing) and (steps == steps[0]).all()  # a tracked coordinate has a derivative of its own
    return steps[0] if even else steps


def _slopes(f: Any, h: Any, edge_order: int) -> Any:
    """The derivative along the first axis."""
    column = (-1, *(1,) * (f.ndim - 1))
    first, last = (h, h) if h.ndim == 0 else (h[0], h[-1])
    if h.ndim == 0:
        inner = (f[2:] - f[:-2]) / (2 * h)
    else:
        h1, h2 = reshape(h[:-1], column), reshape(h[1:], column)  # before and behind each point
        inner = f[:-2] * (-h2 / (h1 * (h1 + h2))) + f[1:-1] * ((h2 - h1) / (h1 * h2)) + f[2:] * (h1 / (h2 * (h1 + h2)))
    if edge_order == 1:
        return concatenate(((f[1:2] - f[:1]) / first, inner, (f[-1:] - f[-2:-1]) / last))
    second, second_last = (h, h) if h.ndim == 0 else (h[1], h[-2])
    return concatenate(
        (_edge(f[:1], f[1:2], f[2:3], first, second), inner, -_edge(f[-1:], f[-2:-1], f[-3:-2], last, second_last))
    )


def _edge(f0: Any, f1: Any, f2: Any, h1: Any, h2: Any) -> Any:
    """The derivative at f0 of the parabola through three points that lie h1 and h2 apart."""
    return f1 * ((h1 + h2) / (h1 * h2)) - f0 * ((2 * h1 + h2) / (h1 * (h1 + h2))) - f2 * (h1 / (h2 * (h1 + h2)))


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """∫ y dx along an axis by the trapezoidal rule: Σ (xᵢ₊₁ - xᵢ) (yᵢ + yᵢ₊₁) / 2.

    Args:
        x: where the y are, along the axis or of the shape of y; by default `dx` apart.
    """
    y = asarray(y)
    axis = normalize_axis_index(axis, y.ndim)
    if x is not None:
        x = asarray(x)
        dx = diff(x, axis=axis if x.ndim > 1 else 0)
        if x.ndim == 1:
            dx = reshape(dx, tuple(-1 if i == axis else 1 for i in range(y.ndim)))
    later, earlier = _after_and_before(y, axis)
    return sum(dx * (later + earlier) / 2.0, axis)
