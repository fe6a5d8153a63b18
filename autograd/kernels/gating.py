"""The derivative of a rectifier: let values through where a gate is open."""

from __future__ import annotations

from typing import Any

import numpy as np

from .jit import enabled, flat, jit

__all__ = ["gate", "warm"]

_WORTHWHILE = 2048  # elements; below, NumPy is quicker than calling a kernel is worth, and Numba need not be loaded


def gate(x: Any, y: Any) -> Any:
    """x where y > 0, else 0: also where x is infinite or NaN."""
    small = x.size < _WORTHWHILE or x.shape != y.shape
    if small or not enabled() or (arrays := flat(x, y, read=2)) is None:
        return np.where(y > 0, x, x.dtype.type(0))
    out = np.empty_like(x)
    _gate(*arrays, out.ravel("K"))
    return out


def warm(dtype: Any) -> None:
    """Call the kernel (see warmup.py)."""
    x = np.ones(_WORTHWHILE, dtype)
    gate(x, x)


@jit
def _gate(x: Any, y: Any, out: Any) -> None:
    zero = x.dtype.type(0)
    for i in range(x.size):
        out[i] = x[i] if y[i] > zero else zero
