"""Medians, quantiles and percentiles: elements in order, and straight lines between neighbours.

At a tie, one of the equal elements gets the gradient.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..constants import plain, tracked
from ..errors import DTypeError, MissingRuleError
from .comparing import isnan
from .creating import asarray
from .indexing import take_along_axis
from .reducing import Axis, axes_of, count, kept_axes, mean
from .selecting import where
from .shaping import broadcast_to, reshape, transpose
from .sorting import sort
from .statistics import weights_along

__all__ = ["median", "nanmedian", "nanpercentile", "nanquantile", "percentile", "quantile"]

Array = np.ndarray[Any, Any]


def median(x: Any, axis: Axis = None, *, overwrite_input: bool = False, keepdims: bool = False) -> Any:
    """The element in the middle of all in order, or the mean of the two that are; NaN if one element is.

    `overwrite_input` is a permission that is not used.
    """
    x = asarray(x)
    ordered = sort(_lines(x, axis), 0)  # (n, ...)
    n = len(ordered)
    y = _nan_if_one_is(ordered, mean(ordered[max(n - 1, 0) // 2 : n // 2 + 1], 0))
    return kept_axes(y, x.shape, axis) if keepdims else y


def nanmedian(x: Any, axis: Axis = None, *, overwrite_input: bool = False, keepdims: bool = False) -> Any:
    """As `median`, of the elements that are not NaN."""
    x = asarray(x)
    if x.dtype.kind not in "fc" or x.size == 0:
        return median(x, axis, keepdims=keepdims)
    line = _lines(x, axis)
    known = _known(line)  # (...)
    last = np.maximum(known - 1, 0)
    ordered = sort(line, 0)
    low, high = (take_along_axis(ordered, place[None], 0)[0] for place in (last // 2, (last + 1) // 2))
    y = where(last % 2 == 0, low, (low + high) / 2)
    y = _nan_if_none_is_known(known, y)
    return kept_axes(y, x.shape, axis) if keepdims else y


def quantile(
    x: Any, q: Any, axis: Axis = None, *, overwrite_input: bool = False, method: str = "linear",
    keepdims: bool = False, weights: Any = None,
) -> Any:  # fmt: skip
    """What a share q of the elements lies below, by any of NumPy's methods; NaN if one element is.

    Args:
        q: between 0 and 1; an array's axes come first in the result. It is a constant, and so are the weights.
        weights: how much each element counts, as in `average`; for the method "inverted_cdf" alone.
        overwrite_input: a permission that is not used.

    Raises:
        ValueError: q outside [0, 1], an unknown method, weights that do not fit.
        MissingRuleError: q or the weights are tracked.
    """
    x, q = _real(x), _constant("q", q)
    line = _lines(x, axis)
    if weights is None:
        position = _positions(len(line), q, method)
    else:
        position = _weighted_positions(line, q, method, _weights(x, weights, axis))
    ordered = sort(line, 0)
    y = _nan_if_one_is(ordered, _read(ordered, position, q))
    return _shaped(y, np.shape(q), x.shape, axis, keepdims)


def nanquantile(
    x: Any, q: Any, axis: Axis = None, *, overwrite_input: bool = False, method: str = "linear",
    keepdims: bool = False, weights: Any = None,
) -> Any:  # fmt: skip
    """As `quantile`, of the elements that are not NaN."""
    x = _real(x)
    if x.size == 0:
        return mean(x, axis, keepdims=keepdims)
    if x.dtype.kind != "f":
        return quantile(x, q, axis, method=method, keepdims=keepdims, weights=weights)
    q = _constant("q", q)
    line = _lines(x, axis)
    known = _known(line)
    if weights is None:
        position = _positions_among(known, q, method)
    else:
        weight = np.where(plain(isnan(line)) & (known > 0), 0, _weights(x, weights, axis))
        position = _weighted_positions(line, q, method, weight)
    y = _nan_if_none_is_known(known, _read(sort(line, 0), position, q))
    return _shaped(y, np.shape(q), x.shape, axis, keepdims)


def percentile(x: Any, q: Any, *args: Any, **options: Any) -> Any:
    """What q percent of the elements lie below; arguments are those of `quantile`."""
    return quantile(x, _share(q), *args, **options)


def nanpercentile(x: Any, q: Any, *args: Any, **options: Any) -> Any:
    """As `percentile`, of the elements that are not NaN."""
    return nanquantile(x, _share(q), *args, **options)


def _share(q: Any) -> Any:
    return q / 100 if type(q) in (int, float) else np.true_divide(_constant("q", q), 100)


def _constant(name: str, x: Any) -> Any:
    if tracked(x):
        raise MissingRuleError(
            f"quantile: {name} is tracked, but has no derivative there; pass {name}.detach() to treat it as a constant"
        )
    return plain(x)


def _real(x: Any) -> Any:
    x = asarray(x)
    if x.dtype.kind == "c":
        raise DTypeError("quantile: complex numbers have none; take those of their real parts or magnitudes")
    return x


def _lines(x: Any, axis: Axis) -> Any:
    """The axes that are to be reduced merged into one, in front of the others: (n, ...)."""
    axes = axes_of(x.ndim, axis)
    rest = tuple(i for i in range(x.ndim) if i not in axes)
    return reshape(transpose(x, (*axes, *rest)), (count(x.shape, axes), *(x.shape[i] for i in rest)))


def _weights(x: Any, weights: Any, axis: Axis) -> Any:
    every = broadcast_to(weights_along(x, _constant("weights", weights), axis), x.shape)
    if (every < 0).any():
        raise ValueError("quantile: weights must not be negative")
    return _lines(every, axis)


def _positions(n: int, q: Any, method: str) -> Array:
    """Where quantiles lie among n elements in order, (q.size,): those of 0, 1 ... n - 1 are their own positions."""
    return np.reshape(np.quantile(np.arange(n), q, method=method), -1)  # type: ignore[call-overload]


def _positions_among(known: Array, q: Any, method: str) -> Array:
    """The positions in lines of which so many elements are known, (...) -> (q.size, ...)."""
    numbers, which = np.unique(known, return_inverse=True)
    each = np.stack([_positions(max(n, 1), q, method) for n in numbers])
    return np.moveaxis(each[which.reshape(known.shape)], -1, 0)


def _weighted_positions(line: Any, q: Any, method: str, weight: Array) -> Array:
    ranks = np.argsort(np.argsort(plain(line), 0), 0)
    position = np.quantile(ranks, q, 0, method=method, weights=weight)  # type: ignore[call-overload]
    return np.reshape(position, (-1, *ranks.shape[1:]))


def _read(ordered: Any, position: Array, q: Any) -> Any:
    """What stands at these positions: elements at whole ones, and a line from each to the next. -> (q.size, ...)"""
    if position.dtype.kind == "i":
        return _at(ordered, position)
    below = np.floor(position)
    dtype = ordered.dtype if type(q) in (int, float) else np.asarray(q).dtype  # a number of Python's is weak
    step = (position - below).astype(dtype if dtype.kind == "f" else np.float64)
    start, stop = _at(ordered, below), _at(ordered, np.ceil(position))
    step = step.reshape(-1, *(step.shape[1:] or (1,) * (start.ndim - 1)))
    gap = stop - start
    return where(step < 0.5, start + gap * step, stop - gap * (1 - step))  # from the nearer end, as NumPy rounds


def _at(ordered: Any, place: Array) -> Any:
    """The elements at a place in all lines, or in each at its own."""
    place = place.astype(np.intp)
    return ordered[place] if place.ndim == 1 else take_along_axis(ordered, place, 0)


def _nan_if_one_is(ordered: Any, y: Any) -> Any:
    """NaN come last in order."""
    if ordered.dtype.kind not in "fc" or len(ordered) == 0:
        return y
    return where(isnan(ordered[-1]), y.dtype.type(np.nan), y)


def _known(line: Any) -> Array:
    """How many elements of each line are not NaN."""
    return np.asarray(np.count_nonzero(~np.isnan(plain(line)), 0))


def _nan_if_none_is_known(known: Array, y: Any) -> Any:
    if np.all(known):
        return y
    warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=3)
    return where(np.equal(known, 0), y.dtype.type(np.nan), y)


def _shaped(y: Any, q: tuple[int, ...], shape: tuple[int, ...], axis: Axis, keepdims: bool) -> Any:
    """(q.size, ...) -> (*q, ...)"""
    axes = axes_of(len(shape), axis)
    rest = (1 if i in axes else n for i, n in enumerate(shape) if keepdims or i not in axes)
    return reshape(y, (*q, *rest))
