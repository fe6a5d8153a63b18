"""A whole engine in forty lines: numbers instead of arrays, and no care for speed. What ours is compared with.

Gradients are computed in the same arithmetic, so they can be differentiated again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence


class Origin:
    """Where a number comes from; an origin without parents is a leaf."""

    def __init__(self, parents: Sequence[Scalar] = (), slopes: Callable[..., Sequence[Scalar]] = tuple) -> None:
        self.parents = [Scalar(parent.value, parent.origin) for parent in parents]  # as they are now
        self.slopes = slopes
        self.freed = False
        self.grad: float | None = None


class Scalar:
    def __init__(self, value: float, origin: Origin | None = None) -> None:
        self.value, self.origin = value, origin

    def __add__(self, other: Scalar) -> Scalar:
        return made(self.value + other.value, (self, other), lambda x, y: (Scalar(1), Scalar(1)))

    def __mul__(self, other: Scalar) -> Scalar:
        return made(self.value * other.value, (self, other), lambda x, y: (y, x))


def made(value: float, parents: Sequence[Scalar], slopes: Callable[..., Sequence[Scalar]]) -> Scalar:
    tracked = any(parent.origin for parent in parents)
    return Scalar(value, Origin(parents, slopes) if tracked else None)


def sin(x: Scalar) -> Scalar:
    return made(math.sin(x.value), (x,), lambda x: (cos(x),))


def cos(x: Scalar) -> Scalar:
    return made(math.cos(x.value), (x,), lambda x: (Scalar(-1) * sin(x),))


def tanh(x: Scalar) -> Scalar:
    return made(math.tanh(x.value), (x,), lambda x: (Scalar(1) + Scalar(-1) * tanh(x) * tanh(x),))


def relu(x: Scalar) -> Scalar:
    return made(max(x.value, 0.0), (x,), lambda x: (Scalar(float(x.value > 0)),))


def maximum(x: Scalar, y: Scalar) -> Scalar:
    share = 0.5 if x.value == y.value else float(x.value > y.value)
    return made(max(x.value, y.value), (x, y), lambda x, y: (Scalar(share), Scalar(1 - share)))


def origins_of(y: Scalar) -> list[Origin]:
    """What y comes from, inputs first."""
    order: dict[Origin, None] = {}

    def visit(origin: Origin | None) -> None:
        if origin is not None and origin not in order:
            for parent in origin.parents:
                visit(parent.origin)
            order[origin] = None

    visit(y.origin)
    return list(order)


def gradients(y: Scalar) -> dict[Origin, Scalar]:
    """dy by everything that y comes from."""
    assert y.origin is not None
    table = {y.origin: Scalar(1)}
    for origin in reversed(origins_of(y)):
        for parent, slope in zip(origin.parents, origin.slopes(*origin.parents), strict=True):
            if parent.origin is not None:
                table[parent.origin] = table.get(parent.origin, Scalar(0)) + table[origin] * slope
    return table
