"""Loops that put the elements of flat arrays through a formula; see updates.py."""

from __future__ import annotations

from typing import Any

from numba.np.unsafe.ndarray import to_fixed_tuple

from .jit import jit
from .sharing.offering import shared

__all__ = ["over"]

_as_tuple: Any = to_fixed_tuple


def over(formula: Any, states: int, count: int) -> tuple[Any, Any]:
    """The kernel of a formula with so many states and numbers, for one thread, and shared.

    It takes start, stop, the gradient, the parameter, the states and an array of the numbers.
    """
    alone = (_stateless, _with_one, _with_two, _with_three)[states](formula, count)
    return alone, shared(alone)


def _stateless(formula: Any, count: int) -> Any:
    @jit
    def update(start: int, stop: int, g: Any, p: Any, numbers: Any) -> None:
        g, p = g[start:stop], p[start:stop]
        constants = _as_tuple(numbers, count)
        for i in range(p.size):
            (p[i],) = formula(p[i], g[i], *constants)

    return update


def _with_one(formula: Any, count: int) -> Any:
    @jit
    def update(start: int, stop: int, g: Any, p: Any, a: Any, numbers: Any) -> None:
        g, p, a = g[start:stop], p[start:stop], a[start:stop]
        constants = _as_tuple(numbers, count)
        for i in range(p.size):
            p[i], a[i] = formula(p[i], g[i], a[i], *constants)

    return update


def _with_two(formula: Any, count: int) -> Any:
    @jit
    def update(start: int, stop: int, g: Any, p: Any, a: Any, b: Any, numbers: Any) -> None:
        g, p, a, b = g[start:stop], p[start:stop], a[start:stop], b[start:stop]
        constants = _as_tuple(numbers, count)
        for i in range(p.size):
            p[i], a[i], b[i] = formula(p[i], g[i], a[i], b[i], *constants)

    return update


def _with_three(formula: Any, count: int) -> Any:
    @jit
    def update(start: int, stop: int, g: Any, p: Any, a: Any, b: Any, c: Any, numbers: Any) -> None:
        g, p, a, b, c = g[start:stop], p[start:stop], a[start:stop], b[start:stop], c[start:stop]
        constants = _as_tuple(numbers, count)
        for i in range(p.size):
            p[i], a[i], b[i], c[i] = formula(p[i], g[i], a[i], b[i], c[i], *constants)

    return update
