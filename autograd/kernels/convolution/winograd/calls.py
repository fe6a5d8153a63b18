"""Winograd's kernels called: weights transformed, work divided."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...blas import matmul
from ...buffers import empty
from ...vectors import lanes_of
from ..geometry import Geometry, Shape, Sweep
from ..packing import Made, filled, flat, grain_for, result, split_with_scratch, sum_ranges, whole_pairs
from . import kernels
from .matrices import G

__all__ = ["convolve", "input_gradient", "warm", "weight_gradient"]

_RANGES = 16
_FROM_KERNEL = np.kron(G, G)  # (36, 9): G w Gᵀ for kernels in rows


def convolve(x: Any, w: Any, b: Any, geometry: Geometry, relu: bool, pooled: bool) -> Made:
    """(N, H, W, C), (O, C, 3, 3), (O,) or None -> (N, OH, OW, O)."""
    return _forward(x, w.transpose(2, 3, 1, 0), b, geometry.forward(x.shape[1:3], w.shape[2:]), relu, pooled)


def input_gradient(g: Any, w: Any, spatial: Shape, geometry: Geometry) -> NDArray[Any]:
    """(N, OH, OW, O), (O, C, 3, 3) -> (N, H, W, C): the convolution of g with the kernels reversed."""
    weights = w[:, :, ::-1, ::-1].transpose(2, 3, 0, 1)
    return _forward(g, weights, None, geometry.adjoint(spatial, w.shape[2:]), False, False)[0]


def _forward(x: Any, w: Any, b: Any, sweep: Sweep, relu: bool, pooled: bool) -> Made:
    """w is (3, 3, C, O) here."""
    C, O = w.shape[2:]
    columns = whole_pairs(O, x.dtype)
    u = matmul(_FROM_KERNEL.astype(x.dtype), w.reshape(9, C * O)).reshape(36, C, O)
    biases = np.zeros(columns, x.dtype)
    if b is not None:
        biases[:O] = b
    y, winners = result(len(x), sweep.output, O, x.dtype, pooled)
    shapes = (x.shape[1:], (*sweep.output, O), columns, sweep.before)
    blocks = _blocks(len(x), sweep.output)
    split_with_scratch(
        kernels.forward, blocks, _scratch(C, columns, x.dtype), x.dtype,
        flat(x), flat(filled(u, columns)), flat(biases), y.reshape(-1), winners.reshape(-1), shapes, relu, pooled,
        grain=grain_for(blocks, blocks * kernels.TILES * u.size, _RANGES),
    )  # fmt: skip
    return y, winners


def weight_gradient(x: Any, g: Any, kernel: Shape, geometry: Geometry) -> NDArray[Any]:
    """(N, H, W, C), (N, OH, OW, O) -> (O, C, 3, 3)."""
    sweep = geometry.forward(x.shape[1:3], kernel)
    C, O, lanes = x.shape[3], g.shape[3], lanes_of(x.dtype)
    columns, rows = whole_pairs(O, x.dtype), -(-C // lanes) * lanes
    blocks = _blocks(len(x), sweep.output)
    grain = grain_for(blocks, blocks * kernels.TILES * 36 * C * O, _RANGES // 2)
    sums = empty((-(-blocks // grain), 36, rows, columns), x.dtype)
    shapes = (x.shape[1:], g.shape[1:], columns, sweep.before)
    split_with_scratch(
        kernels.weight_gradient, blocks, _scratch(C, columns, x.dtype), x.dtype,
        flat(x), flat(g), sums.reshape(-1), shapes, grain,
        grain=grain,
    )  # fmt: skip
    u = np.ascontiguousarray(sum_ranges(sums)[:, :C, :O]).reshape(36, C * O)
    return matmul(_FROM_KERNEL.T.astype(x.dtype), u).reshape(3, 3, C, O).transpose(3, 2, 0, 1)


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py); they are for float32 alone."""
    if np.dtype(dtype) == np.float32:
        x, w = np.ones((1, 3, 3, 1), dtype), np.ones((1, 1, 3, 3), dtype)
        geometry = Geometry((1, 1), ((0, 0), (0, 0)), (1, 1))
        g, _ = convolve(x, w, None, geometry, False, False)
        weight_gradient(x, g, (3, 3), geometry)


def _scratch(C: int, columns: int, dtype: Any) -> int:
    """Numbers for a block of tiles in the frequency domain, on both sides, and a patch of either."""
    lanes = lanes_of(dtype)
    inputs = -(-C // lanes) * lanes
    return 36 * (kernels.TILES * (inputs + columns) + 2 * lanes + max(inputs, columns))


def _blocks(images: int, output: Shape) -> int:
    """How many times the kernels' block of tiles covers the output."""
    return -(-images * -(-output[0] // 4) * -(-output[1] // 4) // kernels.TILES)
