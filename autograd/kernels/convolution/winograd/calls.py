"""Winograd's kernels called: weights transformed, images cut, work divided."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...blas import matmul
from ...buffers import empty
from ...vectors import ROWS, lanes_of
from ..direct.tables import framed_size
from ..geometry import Geometry, Shape
from ..packing import Made, filled, flat, grain_for, result, split_with_scratch, sum_ranges, whole, written
from . import kernels
from .matrices import G
from .strips import Cut, framed

__all__ = ["convolve", "input_gradient", "warm", "weight_gradient"]

_RANGES, _SUMS = 64, 8  # at most; each of the latter has sums of its own
_FROM_KERNEL = np.kron(G, G)  # (36, 9): G w Gᵀ for kernels in rows


def convolve(x: Any, w: Any, b: Any, geometry: Geometry, relu: bool, pooled: bool) -> Made:
    """(N, H, W, C), (O, C, 3, 3), (O,) or None -> (N, OH, OW, O)."""
    (O, C), lanes = w.shape[:2], lanes_of(x.dtype)
    sweep = geometry.forward(x.shape[1:3], (3, 3))
    inputs, columns = whole(C, lanes), whole(O, lanes)
    biases = np.zeros(columns, x.dtype)
    if b is not None:
        biases[:O] = b
    cut = Cut.of(sweep.output)
    frame = framed(x.shape[1:3], C, cut, sweep.before, 6, lanes)
    steps = _step(inputs, lanes), _step(columns, lanes)
    y, winners = result(len(x), sweep.output, O, x.dtype, pooled)
    split_with_scratch(
        kernels.forward, len(x) * cut.strips, 36 * sum(steps) + framed_size(frame) + lanes, x.dtype,
        flat(x), frame, _frequencies(w.transpose(2, 3, 1, 0), columns), flat(biases), y.reshape(-1),
        written(winners), tuple(cut), (*sweep.output, O, inputs, columns, *steps), relu,
        grain=_grain(len(x), cut, C * O, _RANGES),
    )  # fmt: skip
    return y, winners


def input_gradient(g: Any, w: Any, spatial: Shape, geometry: Geometry) -> NDArray[Any]:
    """(N, OH, OW, O), (O, C, 3, 3) -> (N, H, W, C)."""
    (O, C), lanes = w.shape[:2], lanes_of(g.dtype)
    sweep = geometry.forward(spatial, (3, 3))
    inputs, columns = whole(O, lanes), whole(C, lanes)
    cut = Cut.of(sweep.output, overlapping=True)
    frame = framed(g.shape[1:3], O, cut, (0, 0), 4, lanes)
    steps = _step(inputs, lanes), _step(columns, lanes)
    sums = (4 * cut.down + 2) * (4 * cut.across + 2) * columns
    y = empty((len(g), *spatial, C), g.dtype)
    split_with_scratch(
        kernels.input_gradient, len(g) * cut.strips, 36 * sum(steps) + sums + framed_size(frame) + lanes, g.dtype,
        flat(g), frame, _frequencies(w.transpose(2, 3, 0, 1), columns), y.reshape(-1), tuple(cut),
        (*spatial, C, *sweep.before, inputs, columns, *steps),
        grain=_grain(len(g), cut, C * O, _RANGES),
    )  # fmt: skip
    return y


def weight_gradient(x: Any, g: Any, kernel: Shape, geometry: Geometry) -> NDArray[Any]:
    """(N, H, W, C), (N, OH, OW, O) -> (O, C, 3, 3)."""
    sweep = geometry.forward(x.shape[1:3], kernel)
    C, O, lanes = x.shape[3], g.shape[3], lanes_of(x.dtype)
    rows, inputs, columns = whole(C, ROWS[2]), whole(C, lanes), whole(O, 2 * lanes)
    cut = Cut.of(sweep.output)
    frames = framed(x.shape[1:3], C, cut, sweep.before, 6, lanes), framed(g.shape[1:3], O, cut, (0, 0), 4, lanes)
    steps = _step(inputs, lanes), _step(columns, lanes)
    grain = _grain(len(x), cut, C * O, _SUMS)
    sums = empty((-(-len(x) * cut.strips // grain), 36, rows, columns), x.dtype)
    staged = sum(framed_size((*frame[:3], True)) + lanes for frame in frames)
    split_with_scratch(
        kernels.weight_gradient, len(x) * cut.strips, 36 * sum(steps) + staged, x.dtype,
        flat(x), frames[0], flat(g), frames[1], sums.reshape(-1), tuple(cut), (rows, inputs, columns, *steps), grain,
        grain=grain,
    )  # fmt: skip
    u = np.ascontiguousarray(sum_ranges(sums[:, :, :C, :O])).reshape(36, C * O)  # the others are of no pixel
    return matmul(_FROM_KERNEL.T.astype(x.dtype), u).reshape(3, 3, C, O).transpose(3, 2, 0, 1)


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py); they are for float32 alone."""
    if np.dtype(dtype) == np.float32:
        x, w = np.ones((1, 3, 3, 1), dtype), np.ones((1, 1, 3, 3), dtype)
        geometry = Geometry((1, 1), ((0, 0), (0, 0)), (1, 1))
        convolve(x, w, None, geometry, False, True)
        g, _ = convolve(x, w, None, geometry, False, False)
        input_gradient(g, w, (3, 3), geometry)
        weight_gradient(x, g, (3, 3), geometry)


def _frequencies(w: Any, columns: int) -> NDArray[Any]:
    """G w Gᵀ of kernels (3, 3, rows, O) -> (36, rows, columns), flat."""
    rows, O = w.shape[2:]
    u = matmul(_FROM_KERNEL.astype(w.dtype), w.reshape(9, rows * O))
    return flat(filled(u.reshape(36, rows, O), columns))


def _step(channels: int, lanes: int) -> int:
    """How far apart to keep the numbers of two frequencies: a power of two would put all into one set of the cache.

    A register tile may read further than the numbers of the last tile.
    """
    return kernels.TILES * channels + lanes


def _grain(images: int, cut: Cut, products: int, ranges: int) -> int:
    """Strips that one thread takes at once."""
    strips = images * cut.strips
    return grain_for(strips, strips * cut.down * cut.across * 36 * products, ranges)
