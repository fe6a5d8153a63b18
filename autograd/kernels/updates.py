"""Optimizer steps in one pass over memory: parameter, gradient and state are read once and written once.

Arrays are float32 or float64, of one shape, and change in place. Others go through the same formulas in NumPy.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .jit import enabled, flat
from .sharing import board, helpers

__all__ = ["adam_update", "momentum_update", "warm"]

_SHARED = 1 << 14  # elements from which it pays to share them with other threads
_GRAIN = 1 << 12  # elements, at least, that one thread takes at once: whole lines of cache


def momentum_update(
    p: NDArray[Any], g: NDArray[Any], v: NDArray[Any], lr: float, momentum: float, weight_decay: float, nesterov: bool
) -> None:
    """v = momentum v + g;  p = p - lr v, or p - lr (g + momentum v), with g = g + weight_decay p."""
    arrays = flat(g, p, v, read=1) if enabled() else None
    if arrays is None:
        g = g + weight_decay * p
        v[...] = momentum * v + g
        p -= lr * (g + momentum * v if nesterov else v)
    else:
        numbers = float(lr), float(momentum), float(weight_decay), bool(nesterov)
        updating = _kernels()
        _run(updating.momentum, updating.shared_momentum, p.size, (*arrays, *numbers))


@cache
def _kernels() -> Any:
    """The module that has them, imported when it is first needed, for it needs Numba."""
    from . import updating

    return updating


def _run(alone: Any, shared: Any, size: int, arguments: tuple[Any, ...]) -> None:
    """One thread, or several if there are elements enough for that."""
    if size < _SHARED:
        alone(0, size, *arguments)
    else:
        shared(board, helpers(), size, max(_GRAIN, size // 8 // _GRAIN * _GRAIN), *arguments)


def adam_update(
    p: NDArray[Any], g: NDArray[Any], m: NDArray[Any], s: NDArray[Any],
    rate: float, beta1: float, beta2: float, correction: float, eps: float, weight_decay: float,
) -> None:  # fmt: skip
    """m = β₁ m + (1-β₁) g;  s = β₂ s + (1-β₂) g²;  p = p - rate m / (√s / correction + eps).

    g has weight_decay p added to it first.
    """
    arrays = flat(g, p, m, s, read=1) if enabled() else None
    if arrays is None:
        g = g + weight_decay * p
        m[...] = beta1 * m + (1 - beta1) * g
        s[...] = beta2 * s + (1 - beta2) * g * g
        p -= rate * m / (np.sqrt(s) / correction + eps)
    else:
        numbers = float(rate), float(beta1), float(beta2), float(correction), float(eps), float(weight_decay)
        updating = _kernels()
        _run(updating.moments, updating.shared_moments, p.size, (*arrays, *numbers))


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py)."""
    for size in (1, _SHARED):
        p, g, state, square = np.ones((4, size), dtype)
        momentum_update(p, g, state, 0.1, 0.9, 0.0, False)
        adam_update(p, g, state, square, 0.1, 0.9, 0.999, 1.0, 1e-8, 0.0)
