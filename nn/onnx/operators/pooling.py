"""Pooling: ONNX's where a window slides; where regions differ in size, slices and products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np

from ..building import Graph, Value
from .reducing import reduced
from .shaping import bordered
from .sliding import banded
from .table import emitter

__all__: list[str] = []

Window = tuple[Sequence[int], Sequence[int], Sequence[int], Sequence[int]]


@emitter("max_pool1d", "max_pool2d", "max_pool3d")
def _max_pool(g: Graph, y: Value, x: Value, _winners: Value, regions: Any) -> str:
    return _of_images(g, y, x, regions, _sliding_max, _largest)


@emitter("avg_pool1d", "avg_pool2d", "avg_pool3d")
def _avg_pool(g: Graph, y: Value, x: Value, regions: Any, divisor: Any) -> str:
    return _of_images(g, y, x, regions, partial(_sliding_mean, divisor), partial(_means, divisor))


def _of_images(
    g: Graph, y: Value, x: Value, regions: Any, sliding: Callable[..., str], differing: Callable[..., str]
) -> str:
    """Pool (N, C, *spatial), or (C, *spatial) as one sample."""
    name, batch, window = g.use(x, y.dtype), g.constant([0], np.int64), _window(regions)
    single = x.ndim < len(regions.output) + 2
    name = g.op("Unsqueeze", name, batch) if single else name
    name = differing(g, name, y.dtype, regions) if window is None else sliding(g, name, y.dtype, regions, window)
    return g.op("Squeeze", name, batch) if single else name


def _sliding_max(g: Graph, name: str, dtype: np.dtype[Any], regions: Any, window: Window) -> str:
    moves, n = _moves(regions, window), len(regions.output)
    before, after = moves["pads"][:n], moves["pads"][n:]
    if any(width >= k for width, k in zip(after, window[0], strict=True)):  # onnxruntime has no such window
        lowest = -np.inf if dtype.kind == "f" else np.iinfo(dtype).min
        name = bordered(g, name, [(0, 0), (0, 0), *((0, width) for width in after)], dtype, lowest)
        moves["pads"] = [*before, *[0] * n]
    return g.op("MaxPool", name, **moves)


def _sliding_mean(divisor: Any, g: Graph, name: str, dtype: np.dtype[Any], regions: Any, window: Window) -> str:
    name = g.op("AveragePool", name, count_include_pad=1, **_moves(regions, window))
    factor = prod(window[0]) / np.asarray(divisor, np.float64)
    return name if np.all(factor == 1) else g.op("Mul", name, g.constant(factor, dtype))


def _largest(g: Graph, name: str, _dtype: np.dtype[Any], regions: Any) -> str:
    """Along one axis after the other, the largest of each region."""
    ndim = len(regions.output) + 2
    for axis, band in enumerate(regions.bands, 2):
        parts = []
        for first, count in zip(band.first, band.count, strict=True):
            ends = [g.constant([end], np.int64) for end in (first, first + count, axis)]
            parts.append(reduced(g, "ReduceMax", g.op("Slice", name, *ends), ndim, axis, True))
        name = g.op("Concat", *parts, axis=axis)
    return name


def _means(divisor: Any, g: Graph, name: str, dtype: np.dtype[Any], regions: Any) -> str:
    """Along one axis after the other, the sum of each region."""
    for axis, band in enumerate(regions.bands, 2):
        name = banded(g, name, len(regions.output) + 2, axis, band, dtype)
    return g.op("Div", name, g.constant(divisor, dtype))


def _window(regions: Any) -> Window | None:
    """Kernel, stride, padding and dilation; also of adaptive regions, where they divide the image evenly."""
    if regions.window is not None:
        return regions.window  # type: ignore[no-any-return]
    sizes = list(zip(regions.spatial, regions.output, strict=True))
    if any(size % places for size, places in sizes):
        return None
    kernel = [size // places for size, places in sizes]
    return kernel, kernel, [0] * len(kernel), [1] * len(kernel)


def _moves(regions: Any, window: Window) -> dict[str, Any]:
    """The window in ONNX's words, with as much padding after as its last place needs."""
    kernel, stride, before, dilation = window
    along = zip(regions.spatial, regions.output, *window, strict=True)
    after = [max((o - 1) * s + d * (k - 1) + 1 - n - b, 0) for n, o, k, s, b, d in along]
    moves = {"kernel_shape": kernel, "strides": stride, "pads": [*before, *after]}
    return moves | ({"dilations": dilation} if max(dilation) > 1 else {})
