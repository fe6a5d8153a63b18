"""The rectifier, and its derivative: let values through where a gate is open."""

from __future__ import annotations

from typing import Any

import numpy as np

from .jit import enabled, flat, jit

__all__ = ["gate", "rectify", "warm"]

_WORTHWHILE = 2048  # elements; below, NumPy is quicker than calling a kernel is worth, and Numba need not be loaded


def rectify(x: Any) -> Any:
    """max(x, 0); NaN stays. Three times as quick as NumPy, which compares with a scalar element by element."""
    small = not isinstance(x, np.ndarray) or x.size < _WORTHWHILE
    if small or not enabled() or (arrays := flat(x, read=1)) is None:
        return np.maximum(x, 0)
    out = np.empty_like(x)
    _rectify(*arrays, out.ravel("K"))
    return out


def gate(x: Any, y: Any) -> Any:
    """x where y > 0, else 0: also where x is infinite or NaN."""
    small = x.size < _WORTHWHILE or x.shape != y.shape
    if small or not enabled() or (arrays := flat(x, y, read=2)) is None:
        return np.where(y > 0, x, x.dtype.type(0))
    out = np.empty_like(x)
    _gate(*arrays, out.ravel("K"))
    return out


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py)."""
    x = np.ones(_WORTHWHILE, dtype)
    gate(rectify(x), x)


@jit
def _rectify(x: Any, out: Any) -> None:
    zero = x.dtype.type(0)
    for i in range(x.size):
        out[i] = zero if x[i] < zero else x[i]


@jit
def _gate(x: Any, y: Any, out: Any) -> None:
    zero = x.dtype.type(0)
    for i in range(x.size):
        out[i] = x[i] if y[i] > zero else zero
