"""Comparisons, predicates and logic."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..building import Graph, Value
from .table import EMITTERS, emitter

__all__: list[str] = []


def _compared(kind: str, negated: bool = False) -> Callable[..., str]:
    def emit(g: Graph, y: Value, x1: Value, x2: Value) -> str:
        dtype = g.dtype_of(x1, x2)
        found = g.op(kind, g.use(x1, dtype), g.use(x2, dtype))
        return g.op("Not", found) if negated else found

    return emit


def _logic(kind: str) -> Callable[..., str]:
    return lambda g, y, *args: g.op(kind, *(g.use(x, bool) for x in args))


def _bits(kind: str, of_bits: str) -> Callable[..., str]:
    """Of booleans these are logic."""
    return lambda g, y, *args: g.op(kind if y.dtype == bool else of_bits, *(g.use(x, y.dtype) for x in args))


EMITTERS.update(
    equal=_compared("Equal"),
    not_equal=_compared("Equal", negated=True),
    greater=_compared("Greater"),
    greater_equal=_compared("GreaterOrEqual"),
    less=_compared("Less"),
    less_equal=_compared("LessOrEqual"),
    logical_and=_logic("And"),
    logical_or=_logic("Or"),
    logical_xor=_logic("Xor"),
    logical_not=_logic("Not"),
    bitwise_and=_bits("And", "BitwiseAnd"),
    bitwise_or=_bits("Or", "BitwiseOr"),
    bitwise_xor=_bits("Xor", "BitwiseXor"),
    invert=_bits("Not", "BitwiseNot"),
)


@emitter("isnan")
def _isnan(g: Graph, _y: Value, x: Value) -> str:
    return g.op("IsNaN", g.use(x))


@emitter("isinf")
def _isinf(g: Graph, _y: Value, x: Value) -> str:
    return g.op("IsInf", g.use(x))


def _infinite(sign: float) -> Callable[..., str]:
    return lambda g, y, x: g.op("Equal", g.use(x), g.constant(sign * np.inf, x.dtype))


EMITTERS.update(isposinf=_infinite(1), isneginf=_infinite(-1))


@emitter("isfinite")
def _isfinite(g: Graph, _y: Value, x: Value) -> str:
    name = g.use(x)
    return g.op("Equal", g.op("Sub", name, name), g.constant(0, x.dtype))
