"""Optimizer steps over flat arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from .jit import jit
from .sharing.offering import shared

__all__ = ["moments", "momentum", "shared_moments", "shared_momentum"]


@jit
def momentum(
    start: int, stop: int, g: Any, p: Any, v: Any, lr: Any, beta: Any, weight_decay: Any, nesterov: bool
) -> None:
    """One step of SGD with momentum, for the elements from start to stop."""
    g, p, v = g[start:stop], p[start:stop], v[start:stop]
    number = p.dtype.type  # a float64 among float32 would slow everything down
    lr, beta, weight_decay = number(lr), number(beta), number(weight_decay)
    for i in range(p.size):
        gradient = g[i] + weight_decay * p[i]
        velocity = beta * v[i] + gradient
        v[i] = velocity
        p[i] -= lr * (gradient + beta * velocity if nesterov else velocity)


@jit
def moments(
    start: int, stop: int, g: Any, p: Any, m: Any, s: Any,
    rate: Any, beta1: Any, beta2: Any, correction: Any, eps: Any, weight_decay: Any,
) -> None:  # fmt: skip
    """One step of Adam, for the elements from start to stop."""
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


shared_momentum = shared(momentum)
shared_moments = shared(moments)
