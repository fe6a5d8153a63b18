"""Products that sum over an axis."""

from __future__ import annotations

from typing import Any

from ..building import Graph, Value
from .table import emitter

__all__: list[str] = []


@emitter("matmul")
def _matmul(g: Graph, y: Value, x1: Value, x2: Value) -> str:
    return g.op("MatMul", g.use(x1, y.dtype), g.use(x2, y.dtype))


@emitter("linear", "linear_without_bias")
def _linear(g: Graph, y: Value, x: Value, weight: Value, *bias: Value) -> str:
    """x weightᵀ + bias"""
    names = [g.use(each, y.dtype) for each in (x, weight, *bias)]
    if x.ndim == 2:
        return g.op("Gemm", *names, transB=1)
    product = g.op("MatMul", names[0], g.op("Transpose", names[1], perm=[1, 0]))
    return g.op("Add", product, names[2]) if bias else product


@emitter("einsum")
def _einsum(g: Graph, y: Value, *arrays: Value, terms: tuple[str, ...], output: str, optimize: Any) -> str:
    return g.op("Einsum", *(g.use(x, y.dtype) for x in arrays), equation=",".join(terms) + "->" + output)
