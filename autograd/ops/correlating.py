"""Covariance and correlation of variables that stand in the rows of a matrix."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..constants import plain
from ..errors import MissingRuleError, ShapeError
from ..tensor import Tensor
from .complex import conj, real
from .creating import asarray
from .indexing import diag
from .joining import concatenate
from .powers import sqrt
from .products import dot
from .reducing import sum
from .shaping import astype, atleast_2d, expand_dims, squeeze
from .statistics import average

__all__ = ["corrcoef", "cov"]


def cov(
    m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None, fweights: Any = None,
    aweights: Any = None, *, dtype: Any = None,
) -> Any:  # fmt: skip
    """The covariance of each pair of variables: (X - mean X) W (X - mean X)ᴴ / n.

    Args:
        m: a variable in each row (or column, without `rowvar`), an observation in each column.
        y: further variables.
        ddof: n is the number of observations less this: 1, or 0 if `bias`.
        fweights: how often each observation was made, integers; they have no derivative.
        aweights: how much each observation is worth.

    Raises:
        ValueError, TypeError, RuntimeError: what NumPy raises for more than two axes and for wrong weights.
    """
    parts = [asarray(part) for part in (m, y) if part is not None]
    if any(part.ndim > 2 for part in parts):
        raise ShapeError(f"cov: expected vectors or matrices, got shapes {', '.join(str(p.shape) for p in parts)}")
    if ddof is not None and ddof != int(ddof):
        raise ValueError(f"cov: ddof must be an integer, got {ddof}")
    dtype = np.result_type(*(part.dtype for part in parts), np.float64) if dtype is None else dtype
    x, *others = (_rows(part, rowvar, dtype) for part in parts)
    if x.shape[0] == 0:
        return np.empty((0, 0))
    x = concatenate((x, *others))  # (variables, observations)
    ddof = (0 if bias else 1) if ddof is None else ddof
    frequencies, worths = _frequencies(fweights, x.shape[1]), _worths(aweights, x.shape[1])
    weights = worths if frequencies is None else frequencies if worths is None else frequencies * worths
    means, totals = average(x, 1, weights, returned=True)
    n = totals[0]
    if ddof:
        n = n - ddof * (1 if worths is None else sum(weights * worths) / n)
    if n <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
        n = n * 0
    x = x - expand_dims(means, 1)
    return squeeze(dot(x, conj((x if weights is None else x * weights).T)) / real(n))


def _rows(x: Any, rowvar: bool, dtype: Any) -> Any:
    """A variable in each row; a vector is one variable."""
    x = astype(x, dtype, copy=False)
    return atleast_2d(x) if rowvar or x.ndim < 2 else x.T


def _frequencies(fweights: Any, n: int) -> Any:
    if fweights is None:
        return None
    if isinstance(fweights, Tensor) and fweights.node is not None:
        raise MissingRuleError("cov: fweights= are numbers of times and have no derivative; pass fweights.detach()")
    values = np.asarray(plain(fweights), np.float64)
    if (values != np.round(values)).any():
        raise TypeError("cov: fweights must be integers")
    return _checked("fweights", values, n)


def _worths(aweights: Any, n: int) -> Any:
    return None if aweights is None else _checked("aweights", astype(asarray(aweights), np.float64, copy=False), n)


def _checked(name: str, weights: Any, n: int) -> Any:
    if weights.ndim > 1 or weights.shape != (n,):
        raise RuntimeError(f"cov: expected {n} {name}, one for each observation, got shape {weights.shape}")
    if (weights < 0).any():
        raise ValueError(f"cov: {name} must not be negative")
    return weights


def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """cov(x) / (std std ᵀ), the correlation of each pair of variables; rounding beyond ±1 is cut off.

    Arguments are those of `cov`.
    """
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    spread = sqrt(real(diag(c)))
    c = c / expand_dims(spread, 1) / spread
    values = plain(c)
    return c + (_clipped(values) - values)  # a constant: derivatives are those of what is not cut off


def _clipped(values: Any) -> Any:
    clipped = np.clip(values.real, -1, 1)
    return clipped + 1j * np.clip(values.imag, -1, 1) if values.dtype.kind == "c" else clipped
