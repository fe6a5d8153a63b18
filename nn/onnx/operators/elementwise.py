"""Arithmetic, functions of each element, activations, choices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..building import Graph, Value
from ..errors import UnsupportedError
from .table import EMITTERS, emitter

__all__: list[str] = []

_SAME = {
    "add": "Add", "subtract": "Sub", "multiply": "Mul", "divide": "Div", "power": "Pow", "maximum": "Max",
    "minimum": "Min", "negative": "Neg", "absolute": "Abs", "fabs": "Abs", "sign": "Sign", "reciprocal": "Reciprocal",
    "floor": "Floor", "ceil": "Ceil", "rint": "Round", "positive": "Identity", "conjugate": "Identity",
    "real": "Identity", "sqrt": "Sqrt", "exp": "Exp", "log": "Log", "sin": "Sin", "cos": "Cos", "tan": "Tan",
    "arcsin": "Asin", "arccos": "Acos", "arctan": "Atan",
    "sinh": "Sinh", "cosh": "Cosh", "tanh": "Tanh", "arcsinh": "Asinh", "arccosh": "Acosh", "arctanh": "Atanh",
    "sigmoid": "Sigmoid", "relu": "Relu",
}  # fmt: skip
"""Operations that ONNX has, on arguments of the dtype of the result."""


def _same(kind: str) -> Any:
    return lambda g, y, *args: g.op(kind, *(g.use(x, y.dtype) for x in args))


EMITTERS.update({name: _same(kind) for name, kind in _SAME.items()})


@emitter("square")
def _square(g: Graph, y: Value, x: Value) -> str:
    name = g.use(x, y.dtype)
    return g.op("Mul", name, name)


@emitter("exp2")
def _exp2(g: Graph, y: Value, x: Value) -> str:
    return g.op("Pow", g.constant(2, y.dtype), g.use(x, y.dtype))


def _logarithm(base: float) -> Any:
    """ln x / ln base"""
    return lambda g, y, x: g.op("Div", g.op("Log", g.use(x, y.dtype)), g.constant(math.log(base), y.dtype))


EMITTERS.update(log2=_logarithm(2), log10=_logarithm(10))


@emitter("quotient")
def _quotient(g: Graph, y: Value, x1: Value, x2: Value) -> str:
    """0 where x1 is 0, whatever x2."""
    zero, numerator = g.constant(0, y.dtype), g.use(x1, y.dtype)
    ratio = g.op("Div", numerator, g.use(x2, y.dtype))
    return g.op("Where", g.op("Equal", numerator, zero), zero, ratio)


@emitter("expm1")
def _expm1(g: Graph, y: Value, x: Value) -> str:
    return g.op("Sub", g.op("Exp", g.use(x, y.dtype)), g.constant(1, y.dtype))


@emitter("log1p")
def _log1p(g: Graph, y: Value, x: Value) -> str:
    return g.op("Log", g.op("Add", g.use(x, y.dtype), g.constant(1, y.dtype)))


@emitter("logaddexp")
def _logaddexp(g: Graph, y: Value, x1: Value, x2: Value) -> str:
    """x2 + ln(1 + exp(x1 - x2))"""
    if np.ndim(x2.constant) == 0 and x2.constant == 0:
        return g.op("Softplus", g.use(x1, y.dtype))
    a, b = g.use(x1, y.dtype), g.use(x2, y.dtype)
    return g.op("Add", b, g.op("Softplus", g.op("Sub", a, b)))


@emitter("normal_cdf")
def _normal_cdf(g: Graph, y: Value, x: Value) -> str:
    """(1 + erf(x / √2)) / 2"""
    erf = g.op("Erf", g.op("Mul", g.use(x, y.dtype), g.constant(math.sqrt(0.5), y.dtype)))
    return g.op("Mul", g.op("Add", erf, g.constant(1, y.dtype)), g.constant(0.5, y.dtype))


@emitter("relu6")
def _relu6(g: Graph, y: Value, x: Value) -> str:
    return g.op("Clip", g.use(x, y.dtype), g.constant(0, y.dtype), g.constant(6, y.dtype))


@emitter("leaky_relu")
def _leaky_relu(g: Graph, y: Value, x: Value, negative_slope: float) -> str:
    name, zero = g.use(x, y.dtype), g.constant(0, y.dtype)
    scaled = g.op("Mul", name, g.constant(negative_slope, y.dtype))
    return g.op("Where", g.op("Greater", name, zero), name, scaled)


@emitter("elu")
def _elu(g: Graph, y: Value, x: Value, alpha: float) -> str:
    name, zero, one = g.use(x, y.dtype), g.constant(0, y.dtype), g.constant(1, y.dtype)
    below = g.op("Sub", g.op("Exp", g.op("Min", name, zero)), one)
    scaled = g.op("Mul", below, g.constant(alpha, y.dtype))
    return g.op("Where", g.op("Greater", name, zero), name, scaled)


@emitter("where")
def _where(g: Graph, y: Value, condition: Value, x: Value, z: Value) -> str:
    return g.op("Where", g.use(condition, bool), g.use(x, y.dtype), g.use(z, y.dtype))


@emitter("floor_divide")
def _floor_divide(g: Graph, y: Value, x1: Value, x2: Value) -> str:
    if y.dtype.kind != "f":
        raise UnsupportedError("has no counterpart for integers; divide floats")
    return g.op("Floor", g.op("Div", g.use(x1, y.dtype), g.use(x2, y.dtype)))


@emitter("remainder")
def _remainder(g: Graph, y: Value, x1: Value, x2: Value) -> str:
    """x1 - ⌊x1 / x2⌋ x2"""
    a, b = g.use(x1, y.dtype), g.use(x2, y.dtype)
    if y.dtype.kind in "iu":
        return g.op("Mod", a, b)
    return g.op("Sub", a, g.op("Mul", g.op("Floor", g.op("Div", a, b)), b))
