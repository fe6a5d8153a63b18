"""The direct kernels called: images framed, weights packed, work divided."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...buffers import empty
from ...vectors import ROWS, lanes_of
from ..geometry import Geometry, Shape, Sweep
from ..packing import Made, columns_for, filled, flat, grain_for, result, split_with_scratch, sum_ranges, written
from . import kernels
from .tables import frame, framed_size, offsets, squares, tables

__all__ = ["convolve", "input_gradient", "warm", "weight_gradient"]

_RANGES, _SUMS = 64, 8  # at most; each of the latter has sums of its own
_MOST_SUMS = 1 << 22  # numbers that all ranges together keep for a weight gradient


def convolve(x: Any, w: Any, b: Any, geometry: Geometry, relu: bool, pooled: bool) -> Made:
    """(N, *spatial, C), (O, C / groups, *kernel), (O,) or None -> (N, *output, O)."""
    weights = _grouped(w, geometry.groups).transpose(0, 3, 2, 1)
    sweep = geometry.forward(x.shape[1:-1], w.shape[2:])
    made = result(len(x), sweep.output, len(w), x.dtype, pooled)
    _forward(x, weights, b, sweep, made, relu)
    return made


def input_gradient(g: Any, w: Any, spatial: Shape, geometry: Geometry) -> NDArray[Any]:
    """(N, *output, O), (O, C / groups, *kernel) -> (N, *spatial, C): convolutions of g with the kernels reversed."""
    weights = _grouped(w, geometry.groups).transpose(0, 3, 1, 2)[:, ::-1]
    made = result(len(g), spatial, geometry.groups * w.shape[1], g.dtype, False)
    for sweep in geometry.adjoint(spatial, w.shape[2:]):
        _forward(g, weights[:, offsets(w.shape[2:], sweep.taps)], None, sweep, made, False)
    return made[0]


def _grouped(w: Any, groups: int) -> Any:
    """(O, C / groups, *kernel) -> (groups, O / groups, C / groups, positions in the kernel)"""
    return w.reshape(groups, len(w) // groups, w.shape[1], prod(w.shape[2:]))


def _forward(x: Any, w: Any, b: Any, sweep: Sweep, made: Made, relu: bool) -> None:
    """Make the results of a sweep; w is (groups, taps, inputs, outputs) here."""
    groups, _, inputs, outputs = w.shape
    y, winners = made
    columns, vectors = columns_for(outputs, x.dtype, 1 if winners is None else 4)
    biases = np.zeros((groups, columns), x.dtype)
    if b is not None:
        biases[:, :outputs] = b.reshape(groups, outputs)
    images = frame(x.shape[1:-1], groups * inputs, sweep)
    tables_of = tables if winners is None else squares
    found = tables_of(sweep, groups * inputs, inputs, groups * outputs, ROWS[len(vectors)])
    sizes = (groups, inputs, outputs, columns, vectors, prod(y.shape[1:]))
    split_with_scratch(
        kernels.forward, len(x), framed_size(images), x.dtype,
        flat(x), images, flat(filled(w, columns)), flat(biases), found.taps, found.whole_positions, found.rows,
        y.reshape(-1), written(winners), sizes, relu,
        grain=grain_for(len(x), len(x) * found.positions.size * w.size, _RANGES),
    )  # fmt: skip


def weight_gradient(x: Any, g: Any, kernel: Shape, geometry: Geometry) -> NDArray[Any]:
    """(N, *spatial, C), (N, *output, O) -> (O, C / groups, *kernel)."""
    groups, sweep = geometry.groups, geometry.forward(x.shape[1:-1], kernel)
    inputs, outputs = x.shape[-1] // groups, g.shape[-1] // groups
    columns, vectors = columns_for(outputs, x.dtype)
    g = filled(g.reshape(*g.shape[:-1], groups, outputs), columns)  # (N, *output, groups, columns)
    images = frame(x.shape[1:-1], groups * inputs, sweep)
    found = tables(sweep, groups * inputs, inputs, 1, ROWS[len(vectors)])
    size = groups * found.whole_taps.size * columns
    ranges = max(1, min(_SUMS, _MOST_SUMS // size))
    grain = grain_for(len(x), len(x) * prod(sweep.output) * size, ranges)
    sums = empty((-(-len(x) // grain), groups, found.whole_taps.size, columns), x.dtype)
    sizes = (groups, inputs, columns, vectors, prod(g.shape[1:]))
    split_with_scratch(
        kernels.weight_gradient, len(x), framed_size(images), x.dtype,
        flat(x), images, flat(g), found.whole_taps, found.positions, sums.reshape(-1), sizes, grain,
        grain=grain,
    )  # fmt: skip
    gw = np.ascontiguousarray(sum_ranges(sums)[:, : found.taps.size, :outputs])  # (groups, kernel * inputs, outputs)
    gw = gw.reshape(groups, prod(kernel), inputs, outputs).transpose(0, 3, 2, 1)
    return gw.reshape(groups * outputs, inputs, *kernel)


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py), with tiles of one, two and four vectors in a row."""
    geometry = Geometry((1, 1), ((0, 0), (0, 0)), (1, 1))
    x = np.ones((1, 2, 2, 1), dtype)
    for vectors in (1, 2, 4):
        w = np.ones((vectors * lanes_of(x.dtype), 1, 1, 1), dtype)
        convolve(x, w, None, geometry, False, True)
        g, _ = convolve(x, w, None, geometry, False, False)
        weight_gradient(x, g, (1, 1), geometry)
