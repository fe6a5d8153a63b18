"""Sums and other reductions, softmax, running sums."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..building import Graph, Value
from ..errors import UnsupportedError
from .table import EMITTERS, emitter

__all__ = ["reduced", "said"]


def reduced(g: Graph, kind: str, name: str, ndim: int, axis: Any, keepdims: bool) -> str:
    """One of ONNX's reductions over axes, None for all."""
    axes = range(ndim) if axis is None else normalize_axis_tuple(axis, ndim)
    if not ndim:
        return g.op("Identity", name)
    return g.op(kind, name, g.constant([*axes], np.int64), keepdims=int(keepdims))


_NEUTRAL = {"ReduceSum": 0, "ReduceProd": 1}


def _reduction(kind: str) -> Callable[..., str]:
    def emit(
        g: Graph, y: Value, x: Value, axis: Any = None, dtype: Any = None, keepdims: bool = False, initial: Any = None,
        where: Any = True,
    ) -> str:  # fmt: skip
        if where is not True or initial not in (None, _NEUTRAL.get(kind)):
            raise UnsupportedError("has no counterpart with where= or initial=; choose with np.where before")
        return reduced(g, kind, g.use(x, y.dtype), x.ndim, axis, keepdims)

    return emit


EMITTERS.update(
    sum=_reduction("ReduceSum"),
    mean=_reduction("ReduceMean"),
    max=_reduction("ReduceMax"),
    min=_reduction("ReduceMin"),
    prod=_reduction("ReduceProd"),
    logsumexp=_reduction("ReduceLogSumExp"),
)


def said(option: Any) -> Any:
    """An option of one of NumPy's own functions, which may have come as an argument."""
    return option.constant if isinstance(option, Value) else option


def _quantifier(kind: str) -> Callable[..., str]:
    """As the least or the greatest of 0 and 1."""

    def emit(g: Graph, _y: Value, x: Value, axis: Any = None, keepdims: bool = False) -> str:
        truth = g.cast(g.use(x, bool), np.int32)
        return g.cast(reduced(g, kind, truth, x.ndim, said(axis), keepdims), bool)

    return emit


EMITTERS.update(all=_quantifier("ReduceMin"), any=_quantifier("ReduceMax"))


def _spread(root: bool) -> Callable[..., str]:
    """The mean square of what is left without the mean, or its root."""

    def emit(
        g: Graph, y: Value, x: Value, axis: Any = None, dtype: Any = None, ddof: float = 0, keepdims: bool = False
    ) -> str:
        if ddof:
            raise UnsupportedError("has no counterpart with ddof=; scale it afterwards")
        name = g.use(x, y.dtype)
        centred = g.op("Sub", name, reduced(g, "ReduceMean", name, x.ndim, axis, True))
        square = reduced(g, "ReduceMean", g.op("Mul", centred, centred), x.ndim, axis, keepdims)
        return g.op("Sqrt", square) if root else square

    return emit


EMITTERS.update(var=_spread(False), std=_spread(True))


@emitter("softmax")
def _softmax(g: Graph, y: Value, x: Value, axis: Any) -> str:
    return _along(g, "Softmax", y, x, axis)


@emitter("log_softmax")
def _log_softmax(g: Graph, y: Value, x: Value, axis: Any) -> str:
    return _along(g, "LogSoftmax", y, x, axis)


def _along(g: Graph, kind: str, y: Value, x: Value, axis: Any) -> str:
    if not isinstance(axis, int):
        raise UnsupportedError(f"has no counterpart over axis={axis}; reshape so that it is one axis")
    return g.op(kind, g.use(x, y.dtype), axis=axis)


@emitter("cumsum")
def _cumsum(g: Graph, y: Value, x: Value, axis: int | None, dtype: Any) -> str:
    name = g.use(x, y.dtype)
    if axis is None:
        name, axis = g.op("Reshape", name, g.constant([-1], np.int64)), 0
    return g.op("CumSum", name, g.constant(axis, np.int64))


def _position(kind: str) -> Callable[..., str]:
    def emit(g: Graph, y: Value, x: Value, axis: int | None = None, keepdims: bool = False) -> str:
        name, axis = g.use(x), said(axis)
        if axis is None:
            name, axis = g.op("Reshape", name, g.constant([-1], np.int64)), 0
            if keepdims:
                raise UnsupportedError("has no counterpart with axis=None and keepdims=True")
        return g.op(kind, name, axis=axis, keepdims=int(keepdims))

    return emit


EMITTERS.update(argmax=_position("ArgMax"), argmin=_position("ArgMin"))
