"""Optimizer steps in one pass over memory: parameter, gradient and state are read once and written once.

Arrays are float32 or float64, of one shape, and change in place. Others go through the same formulas in NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .jit import enabled, flat, jit
from .threads import split

__all__ = ["adam_update", "momentum_update", "warm"]

_LARGE = 1 << 16  # elements from which a second thread is worth waking


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
        split(_momentum, p.size, *arrays, *numbers, grain=_grain(p.size))


def _grain(size: int) -> int:
    """Elements that one thread takes at once: all of them if they are few."""
    return max(size, 1) if size < _LARGE else -(-size // 4)


@jit
def _momentum(
    start: int, stop: int, g: Any, p: Any, v: Any, lr: Any, momentum: Any, weight_decay: Any, nesterov: bool
) -> None:
    g, p, v = g[start:stop], p[start:stop], v[start:stop]
    number = p.dtype.type  # a float64 among float32 would slow everything down
    lr, momentum, weight_decay = number(lr), number(momentum), number(weight_decay)
    for i in range(p.size):
        gradient = g[i] + weight_decay * p[i]
        velocity = momentum * v[i] + gradient
        v[i] = velocity
        p[i] -= lr * (gradient + momentum * velocity if nesterov else velocity)


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
        split(_adam, p.size, *arrays, *numbers, grain=_grain(p.size))


@jit
def _adam(
    start: int, stop: int, g: Any, p: Any, m: Any, s: Any,
    rate: Any, beta1: Any, beta2: Any, correction: Any, eps: Any, weight_decay: Any,
) -> None:  # fmt: skip
    g, p, m, s = g[start:stop], p[start:stop], m[start:stop], s[start:stop]
    number = p.dtype.type
    rest1, rest2, scale = number(1 - beta1), number(1 - beta2), number(1 / correction)
    rate, beta1, beta2, eps, weight_decay = (
        number(rate),
        number(beta1),
        number(beta2),
        number(eps),
        number(weight_decay),
    )
    for i in range(p.size):
        gradient = g[i] + weight_decay * p[i]
        mean = beta1 * m[i] + rest1 * gradient
        square = beta2 * s[i] + rest2 * gradient * gradient
        m[i] = mean
        s[i] = square
        p[i] -= rate * mean / (np.sqrt(square) * scale + eps)


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py)."""
    p, g, state, square = np.ones((4, 1), dtype)
    momentum_update(p, g, state, 0.1, 0.9, 0.0, False)
    adam_update(p, g, state, square, 0.1, 0.9, 0.999, 1.0, 1e-8, 0.0)
