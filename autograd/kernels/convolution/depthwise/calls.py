"""The depthwise kernels called: images framed, weights packed, work divided."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...buffers import empty
from ...vectors import ROWS
from .. import direct
from ..direct.tables import frame, framed_size, offsets, tables
from ..geometry import Geometry, Shape, Sweep
from ..packing import Made, filled, flat, grain_for, result, split_with_scratch, sum_ranges, whole_pairs
from . import kernels

__all__ = ["convolve", "input_gradient", "warm", "weight_gradient"]

_RANGES, _SUMS = 64, 8  # at most; each of the latter has sums of its own

# Vectors reach over the end of an image whose channels do not fill them: such images are copied into their frame.


def convolve(x: Any, w: Any, b: Any, geometry: Geometry, relu: bool, pooled: bool) -> Made:
    """(N, *spatial, C), (C, 1, *kernel), (C,) or None -> (N, *output, C); pooled, by the direct kernels."""
    if pooled:
        return direct.convolve(x, w, b, geometry, relu, pooled)
    sweep = geometry.forward(x.shape[1:-1], w.shape[2:])
    made = result(len(x), sweep.output, len(w), x.dtype, False)
    _forward(x, w.reshape(len(w), -1).T, b, sweep, made[0], relu)
    return made


def input_gradient(g: Any, w: Any, spatial: Shape, geometry: Geometry) -> NDArray[Any]:
    """(N, *output, C), (C, 1, *kernel) -> (N, *spatial, C): convolutions of g with the kernels reversed."""
    weights = w.reshape(len(w), -1).T[::-1]
    y = empty((len(g), *spatial, len(w)), g.dtype)
    for sweep in geometry.adjoint(spatial, w.shape[2:]):
        _forward(g, weights[offsets(w.shape[2:], sweep.taps)], None, sweep, y, False)
    return y


def _forward(x: Any, w: Any, b: Any, sweep: Sweep, y: NDArray[Any], relu: bool) -> None:
    """Make the results of a sweep; w is (taps, C) here."""
    C = x.shape[-1]
    columns = whole_pairs(C, x.dtype)
    biases = np.zeros(columns, x.dtype)
    if b is not None:
        biases[:C] = b
    images = frame(x.shape[1:-1], C, sweep, copied=columns != C)
    found = tables(sweep, C, 1, C, ROWS[2])
    split_with_scratch(
        kernels.forward, len(x), framed_size(images) + columns, x.dtype,
        flat(x), images, flat(filled(w, columns)), flat(biases), found.taps, found.whole_positions, found.rows,
        y.reshape(-1), (C, columns, prod(y.shape[1:])), relu,
        grain=grain_for(len(x), len(x) * found.positions.size * w.size, _RANGES),
    )  # fmt: skip


def weight_gradient(x: Any, g: Any, kernel: Shape, geometry: Geometry) -> NDArray[Any]:
    """(N, *spatial, C), (N, *output, C) -> (C, 1, *kernel)."""
    C, sweep = x.shape[-1], geometry.forward(x.shape[1:-1], kernel)
    columns = whole_pairs(C, x.dtype)
    images = frame(x.shape[1:-1], C, sweep, copied=columns != C)
    found = tables(sweep, C, 1, 1, ROWS[2])
    grain = grain_for(len(x), g.size * prod(kernel), _SUMS)
    sums = empty((-(-len(x) // grain), found.whole_taps.size, columns), x.dtype)
    split_with_scratch(
        kernels.weight_gradient, len(x), framed_size(images) + columns, x.dtype,
        flat(x), images, flat(filled(g, columns)), found.whole_taps, found.positions, sums.reshape(-1), columns, grain,
        grain=grain,
    )  # fmt: skip
    return np.ascontiguousarray(sum_ranges(sums)[: found.taps.size, :C]).T.reshape(C, 1, *kernel)


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py)."""
    x, w = np.ones((1, 1, 1, 2), dtype), np.ones((2, 1, 1, 1), dtype)
    geometry = Geometry((1, 1), ((0, 0), (0, 0)), (1, 1), groups=2)
    g, _ = convolve(x, w, None, geometry, False, False)
    weight_gradient(x, g, (1, 1), geometry)
