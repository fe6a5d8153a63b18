"""Winograd's minimal filtering F(4×4, 3×3): a 3×3 convolution with a quarter of the multiplications.

A tile of 4×4 outputs needs 6×6 inputs d. With the matrices of matrices.py and a 3×3 kernel w

    tile = Aᵀ [(G w Gᵀ) ⊙ (Bᵀ d B)] A

where the product ⊙ of 36 numbers, summed over input channels, is 36 small matrix products over many tiles at once. The
weight gradient is the adjoint: Gᵀ [(Bᵀ d B) ⊙ (A g Aᵀ)] G, summed over tiles.

Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016. In float32 the root mean square error is about
twice that of adding up the products one after the other (tests/autograd/kernels/convolution/test_winograd.py).
"""

from __future__ import annotations

from typing import Any

from ...jit import jit
from ...vectors import (
    block,
    clear,
    halved,
    height,
    lanes,
    load,
    outer,
    read,
    rectified,
    sandwich,
    shifted,
    spaced,
    store_inside,
    store_winners_inside,
    width,
    write,
)  # fmt: skip
from .frequencies import gradient_to_frequencies, place, step_between, to_frequencies
from .matrices import A_T

__all__ = ["TILES", "forward", "weight_gradient"]

# Tiles that are worked on together: their transforms fit the second cache. A multiple of every register tile's rows.
TILES = 24
_VECTORS = (0, 0)  # in a row of a register tile

_transform_outputs = sandwich(A_T)


@jit
def forward(
    start: int, stop: int, scratch: Any, x: Any, u: Any, b: Any, y: Any, winners: Any, shapes: Any, relu: bool,
    pooled: bool,
) -> None:  # fmt: skip
    """Blocks of tiles start to stop: x (N, H, W, C), u (36, C, columns), b (columns,) -> y (N, OH, OW, O), all flat.

    Shapes: (H, W, C), (OH, OW, O), the columns of u, and the padding before the first row and column. Pooled, y and
    winners are (N, OH // 2, OW // 2, O).
    """
    (H, W, C), (OH, OW, O), columns, (top, left) = shapes
    vector = lanes(x)
    inputs = -(-C // vector) * vector
    v_step, m_step = step_between(TILES * inputs, vector), step_between(TILES * columns, vector)
    v, rest = scratch[: 36 * v_step], scratch[36 * v_step :]
    m, patch = rest[: 36 * m_step], rest[36 * m_step :]
    down, across = -(-OH // 4), -(-OW // 4)
    tiles = x.size // (H * W * C) * down * across
    for part in range(start, stop):
        first = part * TILES
        count = min(TILES, tiles - first)
        for t in range(count):
            n, i, j = place(first + t, down, across)
            to_frequencies(x, n, 4 * i - top, 4 * j - left, H, W, C, inputs, v, t * inputs, v_step, patch)
        _multiply(block(x, _VECTORS), v, v_step, u, m, m_step, C, inputs, columns)
        for t in range(count):
            n, i, j = place(first + t, down, across)
            for o in range(0, O, vector):
                tile = _transform_outputs(load(m, t * columns + o, 6 * m_step, m_step, 6, 6))
                tile = shifted(tile, b, o)
                if pooled:
                    rows, row = OH // 2, OW // 2
                    to = ((n * rows + 2 * i) * row + 2 * j) * O + o
                    inside = (rows - 2 * i, row - 2 * j, O - o)
                    largest = halved(tile)
                    if relu:
                        largest = rectified(largest)
                    store_inside(y, to, row * O, O, inside, largest)
                    store_winners_inside(winners, to, row * O, O, inside, tile, relu)
                else:
                    to = ((n * OH + 4 * i) * OW + 4 * j) * O + o
                    if relu:
                        tile = rectified(tile)
                    store_inside(y, to, OW * O, O, (OH - 4 * i, OW - 4 * j, O - o), tile)


@jit
def _multiply(shape: Any, v: Any, v_step: int, u: Any, m: Any, m_step: int, C: int, inputs: int, columns: int) -> None:
    """m[f] = v[f] @ u[f], for each of the 36 frequencies."""
    for f in range(36):
        for t in range(0, TILES, height(shape)):
            at = spaced(shape, f * v_step + t * inputs, inputs)
            for o in range(0, columns, width(shape)):
                tile = shape
                k = f * C * columns + o
                for c in range(C):
                    tile = outer(tile, v, at, c, u, k)
                    k += columns
                write(m, spaced(shape, f * m_step + t * columns + o, columns), columns - o, tile)


@jit
def weight_gradient(start: int, stop: int, scratch: Any, x: Any, g: Any, sums: Any, shapes: Any, grain: int) -> None:
    """Blocks of tiles start to stop: x (N, H, W, C), g (N, OH, OW, O) -> sums (ranges, 36, rows, columns), all flat.

    Shapes: as in `forward`; the rows of the sums are C, up to whole register tiles.
    """
    (H, W, C), (OH, OW, O), columns, (top, left) = shapes
    vector = lanes(x)
    inputs = -(-C // vector) * vector
    v_step, m_step = step_between(TILES * inputs, vector), step_between(TILES * columns, vector)
    v, rest = scratch[: 36 * v_step], scratch[36 * v_step :]
    m, patch = rest[: 36 * m_step], rest[36 * m_step :]
    down, across = -(-OH // 4), -(-OW // 4)
    tiles = x.size // (H * W * C) * down * across
    size = 36 * inputs * columns
    to = start // grain * size
    clear(sums, to, size)
    for part in range(start, stop):
        first = part * TILES
        count = min(TILES, tiles - first)
        for t in range(count):
            n, i, j = place(first + t, down, across)
            to_frequencies(x, n, 4 * i - top, 4 * j - left, H, W, C, inputs, v, t * inputs, v_step, patch)
            gradient_to_frequencies(g, n, 4 * i, 4 * j, OH, OW, O, columns, m, t * columns, m_step, patch)
        _accumulate(block(x, _VECTORS), v, v_step, m, m_step, sums, to, count, inputs, columns)


@jit
def _accumulate(
    shape: Any, v: Any, v_step: int, m: Any, m_step: int, sums: Any, to: int, count: int, inputs: int, columns: int
) -> None:
    """sums[f] += v[f]ᵀ @ m[f], for each of the 36 frequencies."""
    for f in range(36):
        for c in range(0, inputs, height(shape)):
            at = spaced(shape, f * v_step + c, 1)
            for o in range(0, columns, width(shape)):
                place = spaced(shape, to + (f * inputs + c) * columns + o, columns)
                tile = read(shape, sums, place)
                k = f * m_step + o
                for t in range(count):
                    tile = outer(tile, v, at, t * inputs, m, k)
                    k += columns
                write(sums, place, columns - o, tile)
