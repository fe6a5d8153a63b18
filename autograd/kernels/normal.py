"""The distribution function of the normal distribution, which NumPy does not have."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .jit import enabled, flat, jit

__all__ = ["distribution", "warm"]

_WORTHWHILE = 256  # elements; below, Numba need not be loaded


def distribution(x: Any) -> Any:
    """Φ(x) = erfc(-x / √2) / 2."""
    x = np.asarray(x)
    if x.size >= _WORTHWHILE and enabled() and (arrays := flat(x, read=1)) is not None:
        out = np.empty_like(x)
        _distribution(*arrays, out.ravel("K"))
        return out
    y = np.fromiter((math.erfc(-number * _SQRT_HALF) / 2 for number in x.ravel().tolist()), np.float64, x.size)
    return y.reshape(x.shape).astype(x.dtype)


_SQRT_HALF = math.sqrt(0.5)


def warm(dtype: Any) -> None:
    """Call the kernel (see warmup.py)."""
    distribution(np.ones(_WORTHWHILE, dtype))


@jit
def _distribution(x: Any, out: Any) -> None:
    for i in range(x.size):
        out[i] = math.erfc(-x[i] * _SQRT_HALF) / 2
