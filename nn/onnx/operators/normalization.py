"""Normalisation by moments of the input itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..building import Graph, Value
from .reducing import reduced, said
from .table import emitter

__all__: list[str] = []


@emitter("moments")
def _moments(g: Graph, y: Value, x: Value, axes: Any, centred: Any = True) -> str:
    """Mean and variance, one behind the other."""
    over, centred = said(axes), said(centred)
    name = g.use(x, y.dtype)
    mean = reduced(g, "ReduceMean", name, x.ndim, over, True)
    mean = mean if centred else g.op("Sub", mean, mean)
    left = g.op("Sub", name, mean)
    variance = reduced(g, "ReduceMean", g.op("Mul", left, left), x.ndim, over, True)
    first = g.constant([0], np.int64)
    return g.op("Concat", *(g.op("Unsqueeze", each, first) for each in (mean, variance)), axis=0)


@emitter("normalized")
def _normalized(
    g: Graph, y: Value, x: Value, weight: Value, bias: Value, *_moments: Value, axes: tuple[int, ...], eps: float,
    centred: bool,
) -> str:  # fmt: skip
    """(x - mean) / √(variance + eps) · weight + bias; moments that were taken before are taken again."""
    last = tuple(range(axes[0], x.ndim))
    if centred and tuple(axes) == last and weight.shape == bias.shape == x.shape[axes[0] :] and y.dtype == np.float32:
        names = [g.use(each, y.dtype) for each in (x, weight, bias)]
        return g.op("LayerNormalization", *names, axis=axes[0], epsilon=eps)
    name = g.use(x, y.dtype)
    if centred:
        name = g.op("Sub", name, reduced(g, "ReduceMean", name, x.ndim, axes, True))
    variance = reduced(g, "ReduceMean", g.op("Mul", name, name), x.ndim, axes, True)
    name = g.op("Div", name, g.op("Sqrt", g.op("Add", variance, g.constant(eps, y.dtype))))
    if not _is(weight, 1):
        name = g.op("Mul", name, g.use(weight, y.dtype))
    return name if _is(bias, 0) else g.op("Add", name, g.use(bias, y.dtype))


def _is(x: Value, number: float) -> bool:
    return isinstance(x.constant, int | float) and x.constant == number
