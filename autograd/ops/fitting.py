"""Polynomials through given points, as nearly as can be."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .creating import asarray, vander
from .powers import sqrt
from .products import outer
from .shaping import expand_dims, matrix_transpose

__all__ = ["polyfit"]


def polyfit(
    x: Any, y: Any, deg: int, rcond: float | None = None, full: bool = False, w: Any = None, cov: bool | str = False
) -> Any:
    """The coefficients p, highest power first, of the polynomial of degree `deg` with the least Σ |w (y - p(x))|².

    Args:
        x: (n,) points.
        y: (n,) or (n, k) values; p is (deg + 1,) or (deg + 1, k).
        rcond: singular values below so many times the largest count as 0; n ε by default.
        full: return also residuals, rank, singular values and rcond.
        w: (n,) weights.
        cov: return also the covariance matrix of p, "unscaled" if 1 / w is the standard deviation of y.

    Raises:
        ValueError: `deg` is negative, or there are too few points for the covariance.
        TypeError: arguments of other shapes.
    """
    from .linalg import inv, lstsq

    x, y, order = asarray(x) + 0.0, asarray(y) + 0.0, int(deg) + 1
    if deg < 0:
        raise ValueError(f"polyfit: expected deg >= 0, got {deg}")
    if x.ndim != 1 or not x.size or y.ndim not in (1, 2) or len(x) != len(y):
        raise TypeError(f"polyfit: expected x (n,) and y (n,) or (n, k), n > 0, got {x.shape} and {y.shape}")
    rcond = len(x) * np.finfo(x.dtype).eps if rcond is None else rcond
    rows = vander(x, order)
    if w is not None:
        w = asarray(w) + 0.0
        if w.shape != x.shape:
            raise TypeError(f"polyfit: expected weights {x.shape}, got {w.shape}")
        rows, y = rows * expand_dims(w, 1), y * (w if y.ndim == 1 else expand_dims(w, 1))
    scale = sqrt((rows * rows).sum(axis=0))  # columns of one length make a better conditioned system
    rows = rows / scale
    p, residuals, rank, singular = lstsq(rows, y, rcond)
    p = p / (scale if y.ndim == 1 else expand_dims(scale, 1))
    if full:
        return p, residuals, rank, singular, rcond
    if rank != order:
        warnings.warn("Polyfit may be poorly conditioned", np.exceptions.RankWarning, stacklevel=2)
    if not cov:
        return p
    if cov != "unscaled" and len(x) <= order:
        raise ValueError(f"polyfit: the covariance of {order} coefficients needs more than {len(x)} points")
    spread = inv(matrix_transpose(rows) @ rows) / outer(scale, scale)
    factor = 1 if cov == "unscaled" else residuals / (len(x) - order)
    return p, (spread if y.ndim == 1 else expand_dims(spread, 2)) * factor
