"""Shapes, axes, dtypes, borders, and joining."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..batches import Dim, Size
from ..building import Graph, Value
from ..errors import UnsupportedError
from .table import EMITTERS, emitter

__all__ = ["bordered", "reshaped"]


def reshaped(g: Graph, name: str, shape: Sequence[Dim]) -> str:
    """What has this name in another shape; a single size that depends on the batch is what is left."""
    sizes = list(shape)
    unknown = [i for i, size in enumerate(sizes) if isinstance(size, Size)]
    if len(unknown) == 1 and 0 not in sizes:
        sizes[unknown[0]] = -1
    return g.op("Reshape", name, g.sizes(sizes), allowzero=int(0 in sizes))


@emitter("reshape")
def _reshape(g: Graph, y: Value, x: Value, shape: Any, order: str) -> str:
    if order == "C":
        return reshaped(g, g.use(x), y.shape)
    turned = g.op("Transpose", g.use(x), perm=range(x.ndim)[::-1])
    return g.op("Transpose", reshaped(g, turned, y.shape[::-1]), perm=range(y.ndim)[::-1])


@emitter("transpose")
def _transpose(g: Graph, _y: Value, x: Value, axes: Sequence[int] | None) -> str:
    order = range(x.ndim)[::-1] if axes is None else [axis % x.ndim for axis in axes]
    return g.op("Transpose", g.use(x), perm=order)


@emitter("broadcast_to")
def _broadcast_to(g: Graph, y: Value, x: Value, shape: Any) -> str:
    return g.op("Expand", g.use(x), g.sizes(y.shape))


def _filled(value: int) -> Callable[..., str]:
    def emit(g: Graph, y: Value, x: Value, dtype: Any = None) -> str:
        return g.op("Expand", g.constant(value, y.dtype), g.sizes(y.shape))

    return emit


EMITTERS.update(zeros_like=_filled(0), ones_like=_filled(1))


@emitter("copy")
def _copy(g: Graph, _y: Value, x: Value, order: str) -> str:
    return g.op("Identity", g.use(x))


@emitter("converted")
def _converted(g: Graph, y: Value, x: Value, dtype: Any) -> str:
    return g.cast(g.use(x), y.dtype)


@emitter("padded")
def _padded(g: Graph, y: Value, x: Value, widths: Any, constant_values: Any) -> str:
    if np.unique(constant_values).size != 1:
        raise UnsupportedError(f"has no counterpart with constant_values={constant_values}; pad twice")
    return bordered(g, g.use(x, y.dtype), widths, y.dtype, np.ravel(constant_values)[0])


def bordered(g: Graph, name: str, widths: Sequence[tuple[int, int]], dtype: Any, value: Any = 0) -> str:
    """What has this name, with so many positions of a value before and after along each axis."""
    befores, afters = zip(*widths, strict=True)
    return g.op("Pad", name, g.constant([*befores, *afters], np.int64), g.constant(value, dtype))


@emitter("concatenate")
def _concatenate(g: Graph, y: Value, *arrays: Value, axis: int, ends: Any) -> str:
    return g.op("Concat", *(g.use(x, y.dtype) for x in arrays), axis=axis)
