"""Reductions that leave out what is not a number, as a mask does; its gradient is 0."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .accumulating import cumprod, cumsum, prod
from .comparing import isnan
from .creating import asarray
from .extrema import max, min
from .powers import sqrt
from .reducing import Axis, axes_of, count, masked, sum
from .selecting import where as choose
from .shaping import astype, squeeze
from .statistics import ddof_of, deviations, length, mean_or_zero, square_sum, std, var

__all__ = [
    "nancumprod", "nancumsum", "nanmax", "nanmean", "nanmin", "nanprod", "nanstd", "nansum", "nanvar",
]  # fmt: skip


def _numbers(x: Any, where: Any = True) -> Any:
    """The mask of what is a number, and is selected."""
    return ~isnan(x) if where is True else ~isnan(x) & where


def nansum(
    x: Any, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False, initial: Any = 0, where: Any = True
) -> Any:
    """As `sum`, without NaN."""
    return sum(asarray(x), axis, dtype, keepdims=keepdims, initial=initial, where=_numbers(x, where))


def nanprod(
    x: Any, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False, initial: Any = 1, where: Any = True
) -> Any:
    """As `prod`, without NaN."""
    return prod(asarray(x), axis, dtype, keepdims=keepdims, initial=initial, where=_numbers(x, where))


def nancumsum(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """As `cumsum`, taking NaN for 0."""
    return cumsum(masked(x, _numbers(x)), axis, dtype)


def nancumprod(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """As `cumprod`, taking NaN for 1."""
    return cumprod(masked(x, _numbers(x), 1), axis, dtype)


def nanmean(x: Any, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False, where: Any = True) -> Any:
    """As `mean`, without NaN. NaN, with a warning, where there is nothing else."""
    x = asarray(x)
    numbers = _numbers(x, where)
    y = mean_or_zero(x, axis, dtype, numbers)
    return _nan_where(count(x.shape, axis, numbers) == 0, "Mean of empty slice", y, axis, keepdims)


def nanvar(
    x: Any, axis: Axis = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False, where: Any = True,
    mean: Any = None, correction: float | None = None,
) -> Any:  # fmt: skip
    """As `var`, without NaN. NaN, with a warning, where no degree of freedom is left."""
    x = asarray(x)
    if x.dtype.kind not in "fc":
        return var(x, axis, dtype, ddof=ddof, keepdims=keepdims, where=where, mean=mean, correction=correction)
    away, n = _deviations(x, axis, dtype, where, mean, ddof_of(ddof, correction))
    y = square_sum(away, axis)
    return _nan_where(n <= 0, _NO_DEGREES, y / choose(n > 0, n, 1).astype(y.dtype), axis, keepdims)


def nanstd(
    x: Any, axis: Axis = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False, where: Any = True,
    mean: Any = None, correction: float | None = None,
) -> Any:  # fmt: skip
    """√nanvar(x), with the same arguments; its derivative is 0 where all numbers are the same."""
    x = asarray(x)
    if x.dtype.kind not in "fc":
        return std(x, axis, dtype, ddof=ddof, keepdims=keepdims, where=where, mean=mean, correction=correction)
    away, n = _deviations(x, axis, dtype, where, mean, ddof_of(ddof, correction))
    y = length(away, axis)
    return _nan_where(n <= 0, _NO_DEGREES, y / sqrt(choose(n > 0, n, 1).astype(y.dtype)), axis, keepdims)


def _deviations(x: Any, axis: Axis, dtype: Any, where: Any, mean: Any, ddof: Any) -> tuple[Any, Any]:
    """The numbers without their mean, 0 where there is none, and the degrees of freedom."""
    numbers = _numbers(x, where)
    mean = mean if mean is None else astype(asarray(mean), x.dtype)
    return deviations(x, axis, dtype, numbers, mean), count(x.shape, axis, numbers) - ddof


_NO_DEGREES = "Degrees of freedom <= 0 for slice."


def nanmax(x: Any, axis: Axis = None, *, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """As `max`, without NaN. NaN, with a warning, where there is nothing else."""
    return _extremum(max, -np.inf, asarray(x), axis, keepdims, initial, where)


def nanmin(x: Any, axis: Axis = None, *, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """As `min`, without NaN. NaN, with a warning, where there is nothing else."""
    return _extremum(min, np.inf, asarray(x), axis, keepdims, initial, where)


def _extremum(f: Any, neutral: float, x: Any, axis: Axis, keepdims: bool, initial: Any, where: Any) -> Any:
    if x.dtype.kind not in "fc" or count(x.shape, axis) == 0:
        return f(x, axis, keepdims=keepdims, initial=initial, where=where)
    numbers = _numbers(x, where)
    if initial is not None or where is not True:
        return f(x, axis, keepdims=keepdims, initial=initial, where=numbers)
    y = f(x, axis, keepdims=True, initial=neutral, where=numbers)
    return _nan_where(~numbers.any(axis=axis, keepdims=True), "All-NaN slice encountered", y, axis, keepdims)


def _nan_where(nothing: Any, warning: str, y: Any, axis: Axis, keepdims: bool) -> Any:
    """The result, NaN with a warning where there is nothing to reduce."""
    if nothing.any():
        warnings.warn(warning, RuntimeWarning, stacklevel=4)
        y = choose(nothing, y.dtype.type(np.nan), y)
    return y if keepdims else squeeze(y, axes_of(y.ndim, axis))
