"""Optimizer steps in one pass over memory: parameter, gradient and state are read once and written once.

A step is a formula of one element: of its value p, its gradient g and what is remembered of it, and, after the slash,
numbers that are the same for all. It returns the new p and the new state. NumPy takes it for whole arrays; a kernel
puts element after element through it, which gives the same, bit for bit.

    momentum(p, g, v, lr, beta, weight_decay, nesterov)    # p and v change in place
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache, update_wrapper
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .jit import enabled, flat, inner
from .sharing import board, helpers

__all__ = [
    "Update", "adadelta", "adagrad", "adam", "amsgrad", "centered_rmsprop", "centered_rmsprop_momentum", "descent",
    "lion", "momentum", "rmsprop", "rmsprop_momentum", "warm",
]  # fmt: skip

_SHARED = 1 << 14  # elements from which it pays to share them with other threads
_GRAIN = 1 << 12  # elements, at least, that one thread takes at once: whole lines of cache


class Update:
    """A formula, put to use: arrays of one shape and dtype change in place, all but the second, the gradient.

    Complex parameters are two real ones, the real and the imaginary parts.
    """

    def __init__(self, formula: Callable[..., Any]) -> None:
        update_wrapper(self, formula)
        self.formula = formula
        self.arrays = formula.__code__.co_posonlyargcount
        self.numbers = formula.__code__.co_argcount - self.arrays

    def __call__(self, *arguments: Any) -> None:
        arrays, numbers = arguments[: self.arrays], arguments[self.arrays :]
        p, g, *states = arrays
        views = flat(g, p, *states, read=1) if enabled() else None
        if views is None:
            self._in_numpy(arrays, numbers)
            return
        alone, shared = self.kernels
        size = p.size
        constants = _same_type(p.dtype.char, numbers)
        if size < _SHARED:
            alone(0, size, *views, constants)
        else:
            shared(board, helpers(), size, max(_GRAIN, size // 8 // _GRAIN * _GRAIN), *views, constants)

    @cached_property
    def kernels(self) -> tuple[Any, Any]:
        """For one thread, and for several; made when they are first needed, for they need Numba."""
        from .updating import over

        return over(inner(self.formula), self.arrays - 2, self.numbers)

    def _in_numpy(self, arrays: tuple[NDArray[Any], ...], numbers: tuple[float, ...]) -> None:
        if arrays[0].dtype.kind == "c":
            self(*(x.real for x in arrays), *numbers)
            self(*(x.imag for x in arrays), *numbers)
            return
        p, _, *states = arrays
        for x, new in zip((p, *states), self.formula(*arrays, *numbers), strict=True):
            x[...] = new


@lru_cache(maxsize=64)
def _same_type(dtype: str, numbers: tuple[float, ...]) -> NDArray[Any]:
    """Numbers in the type of the elements: a float64 among float32 would slow everything down."""
    return np.array(numbers, dtype)


@Update
def descent(p: Any, g: Any, /, lr: Any, weight_decay: Any) -> Any:
    """p = p - lr g, with g = g + weight_decay p, as everywhere below."""
    return (p - lr * (g + weight_decay * p),)


@Update
def momentum(p: Any, g: Any, v: Any, /, lr: Any, beta: Any, share: Any, weight_decay: Any, nesterov: Any) -> Any:
    """v = β v + share g;  p = p - lr v, or p - lr (g + β v)."""
    g = g + weight_decay * p
    v = beta * v + share * g
    return p - lr * (g + beta * v if nesterov else v), v


@Update
def adam(
    p: Any, g: Any, m: Any, s: Any, /,
    rate: Any, keep: Any, beta1: Any, rest1: Any, beta2: Any, rest2: Any, scale: Any, eps: Any, weight_decay: Any,
) -> Any:  # fmt: skip
    """m = β₁ m + (1-β₁) g;  s = β₂ s + (1-β₂) g²;  p = keep p - rate m / (√s · scale + eps)."""
    g = g + weight_decay * p
    m = beta1 * m + rest1 * g
    s = beta2 * s + rest2 * g * g
    return keep * p - rate * m / (np.sqrt(s) * scale + eps), m, s


@Update
def amsgrad(
    p: Any, g: Any, m: Any, s: Any, largest: Any, /,
    rate: Any, keep: Any, beta1: Any, rest1: Any, beta2: Any, rest2: Any, scale: Any, eps: Any, weight_decay: Any,
) -> Any:  # fmt: skip
    """`adam`, with the largest s so far in the place of s."""
    g = g + weight_decay * p
    m = beta1 * m + rest1 * g
    s = beta2 * s + rest2 * g * g
    largest = np.maximum(largest, s)
    return keep * p - rate * m / (np.sqrt(largest) * scale + eps), m, s, largest


@Update
def rmsprop(p: Any, g: Any, s: Any, /, lr: Any, alpha: Any, rest: Any, eps: Any, weight_decay: Any) -> Any:
    """s = α s + (1-α) g²;  p = p - lr g / (√s + eps)."""
    g = g + weight_decay * p
    s = alpha * s + rest * g * g
    return p - lr * g / (np.sqrt(s) + eps), s


@Update
def rmsprop_momentum(
    p: Any, g: Any, s: Any, v: Any, /, lr: Any, alpha: Any, rest: Any, eps: Any, weight_decay: Any, beta: Any
) -> Any:
    """`rmsprop`, with v = β v + g / (√s + eps) and p = p - lr v."""
    g = g + weight_decay * p
    s = alpha * s + rest * g * g
    v = beta * v + g / (np.sqrt(s) + eps)
    return p - lr * v, s, v


@Update
def centered_rmsprop(
    p: Any, g: Any, s: Any, m: Any, /, lr: Any, alpha: Any, rest: Any, eps: Any, weight_decay: Any
) -> Any:
    """`rmsprop`, with m = α m + (1-α) g and s - m² in the place of s."""
    g = g + weight_decay * p
    s = alpha * s + rest * g * g
    m = alpha * m + rest * g
    return p - lr * g / (np.sqrt(s - m * m) + eps), s, m


@Update
def centered_rmsprop_momentum(
    p: Any, g: Any, s: Any, v: Any, m: Any, /, lr: Any, alpha: Any, rest: Any, eps: Any, weight_decay: Any, beta: Any
) -> Any:
    """Both."""
    g = g + weight_decay * p
    s = alpha * s + rest * g * g
    m = alpha * m + rest * g
    v = beta * v + g / (np.sqrt(s - m * m) + eps)
    return p - lr * v, s, v, m


@Update
def adagrad(p: Any, g: Any, s: Any, /, rate: Any, eps: Any, weight_decay: Any) -> Any:
    """s = s + g²;  p = p - rate g / (√s + eps)."""
    g = g + weight_decay * p
    s = s + g * g
    return p - rate * g / (np.sqrt(s) + eps), s


@Update
def adadelta(p: Any, g: Any, s: Any, u: Any, /, lr: Any, rho: Any, rest: Any, eps: Any, weight_decay: Any) -> Any:
    """s = ρ s + (1-ρ) g²;  d = √(u + eps) / √(s + eps) g;  u = ρ u + (1-ρ) d²;  p = p - lr d."""
    g = g + weight_decay * p
    s = rho * s + rest * g * g
    d = np.sqrt(u + eps) / np.sqrt(s + eps) * g
    return p - lr * d, s, rho * u + rest * d * d


@Update
def lion(p: Any, g: Any, m: Any, /, lr: Any, keep: Any, beta1: Any, rest1: Any, beta2: Any, rest2: Any) -> Any:
    """p = keep p - lr sign(β₁ m + (1-β₁) g);  m = β₂ m + (1-β₂) g."""
    return keep * p - lr * np.sign(beta1 * m + rest1 * g), beta2 * m + rest2 * g


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py)."""
    for update in list(globals().values()):
        if isinstance(update, Update):
            for size in (1, _SHARED):
                update(*np.ones((update.arrays, size), dtype), *[0.5] * update.numbers)
