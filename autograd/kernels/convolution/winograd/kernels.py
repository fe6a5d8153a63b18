"""Winograd's minimal filtering F(4×4, 3×3): a 3×3 convolution with a quarter of the multiplications.

A tile of 4×4 results needs 6×6 inputs d. With the matrices of matrices.py and a 3×3 kernel w

    tile = Aᵀ [(G w Gᵀ) ⊙ (Bᵀ d B)] A

where the product ⊙ of 36 numbers, summed over input channels, is 36 small matrix products over many tiles at once. The
two gradients are its adjoints: for a tile g of the gradient that comes in

    gd = B [(G w Gᵀ) ⊙ (A g Aᵀ)] Bᵀ            summed over output channels, and over tiles where their patches overlap
    gw = Gᵀ [(Bᵀ d B) ⊙ (A g Aᵀ)] G            summed over tiles

Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016. In float32 the root mean square error is about
twice that of adding up the products one after the other (tests/autograd/kernels/convolution/test_winograd.py).

Arrays are flat. Each kernel works on the strips start to stop (see strips.py), on so many tiles at once.
"""

from __future__ import annotations

from typing import Any

from ...jit import tiled
from ...vectors import (
    add,
    clear,
    copy,
    halved,
    lanes,
    load,
    rectified,
    sandwich,
    shifted,
    store_inside,
    store_winners_inside,
)
from .frequencies import gradient_to_frequencies, to_frequencies
from .matrices import A_T, B
from .products import accumulate, multiply
from .strips import place, strip

__all__ = ["TILES", "forward", "input_gradient", "weight_gradient"]

# Tiles that are worked on together: their transforms fit the second cache. A multiple of every register tile's rows.
TILES = 24

_transform_outputs = sandwich(A_T)
_transform_back = sandwich(B)


@tiled
def forward(
    start: int, stop: int, scratch: Any, x: Any, frame: Any, u: Any, b: Any, y: Any, winners: Any, cut: Any, sizes: Any,
    relu: bool,
) -> None:  # fmt: skip
    """x (N, H, W, C), u (36, C, columns), b (columns,) -> y (N, OH, OW, O); with winners both are pooled.

    Sizes: OH, OW and O, numbers of a tile in the frequency domain, before and after the products, and between two
    frequencies of either.
    """
    strips, down, across, _ = cut
    OH, OW, O, inputs, columns, v_step, m_step = sizes
    C = frame[0][3]
    v, m, staged = scratch[: 36 * v_step], scratch[36 * v_step :], scratch[36 * (v_step + m_step) :]
    source, corner, line = staged, 0, 0
    tiles = (stop - start) * down * across
    for first in range(0, tiles, TILES):
        count = min(TILES, tiles - first)
        for t in range(count):
            s, i, j = place(first + t, down, across)
            if i == 0 and j == 0:
                source, corner, line = strip(x, start + s, strips, 4 * down, frame, staged)
            to_frequencies(source, corner + 4 * (i * line + j * C), line, C, v, t * inputs, v_step)
        multiply(v, v_step, inputs, u, m, m_step, columns, C, count)
        for t in range(count):
            s, i, j = place(first + t, down, across)
            n, part = divmod(start + s, strips)
            i += part * down
            for o in range(0, O, lanes(x)):
                tile = _transform_outputs(load(m, t * columns + o, 6 * m_step, m_step, 6, 6))
                tile = shifted(tile, b, o)
                if winners is None:
                    to = ((n * OH + 4 * i) * OW + 4 * j) * O + o
                    if relu:
                        tile = rectified(tile)
                    store_inside(y, to, OW * O, O, (OH - 4 * i, OW - 4 * j, O - o), tile)
                else:
                    rows, row = OH // 2, OW // 2
                    to = ((n * rows + 2 * i) * row + 2 * j) * O + o
                    inside = (rows - 2 * i, row - 2 * j, O - o)
                    store_winners_inside(winners, to, row * O, O, inside, tile, relu)
                    largest = halved(tile)
                    if relu:
                        largest = rectified(largest)
                    store_inside(y, to, row * O, O, inside, largest)


@tiled
def input_gradient(
    start: int, stop: int, scratch: Any, g: Any, frame: Any, u: Any, y: Any, cut: Any, sizes: Any
) -> None:
    """g (N, OH, OW, O), u (36, O, columns) -> y (N, H, W, C).

    Sizes: H, W and C, zeros above and left of the first pixel, and as in `forward` for the tiles.
    """
    strips, down, across, again = cut
    H, W, C, top, left, inputs, columns, v_step, m_step = sizes
    O = frame[0][3]
    v, m, rest = scratch[: 36 * v_step], scratch[36 * v_step :], scratch[36 * (v_step + m_step) :]
    high, wide = 4 * down + 2, 4 * across + 2
    sums, staged = rest[: high * wide * columns], rest[high * wide * columns :]
    source, corner, line = staged, 0, 0
    tiles = (stop - start) * down * across
    for first in range(0, tiles, TILES):
        count = min(TILES, tiles - first)
        for t in range(count):
            s, i, j = place(first + t, down, across)
            if i == 0 and j == 0:
                source, corner, line = strip(g, start + s, strips, 4 * (down - again), frame, staged)
            gradient_to_frequencies(source, corner + 4 * (i * line + j * O), line, O, v, t * inputs, v_step)
        multiply(v, v_step, inputs, u, m, m_step, columns, O, count)
        for t in range(count):
            s, i, j = place(first + t, down, across)
            if i == 0 and j == 0:
                clear(sums, 0, sums.size)
            to = 4 * (i * wide + j) * columns
            for c in range(0, columns, lanes(g)):
                tile = _transform_back(load(m, t * columns + c, 6 * m_step, m_step, 6, 6))
                add(sums, to + c, wide * columns, columns, tile)
            if i == down - 1 and j == across - 1:
                n, part = divmod(start + s, strips)
                row = 4 * (part * (down - again) - again) - top  # of the image, where the sums begin
                last = high if part == strips - 1 else 4 * down  # those that overlap the next strip's are its own
                for h in range(max(row + 4 * again, 0), min(row + last, H)):
                    at, to = ((h - row) * wide + left) * columns, (n * H + h) * W * C
                    if columns == C:
                        copy(y, to, sums, at, W * C)
                    else:
                        for w in range(W):
                            copy(y, to + w * C, sums, at + w * columns, C)


@tiled
def weight_gradient(
    start: int, stop: int, scratch: Any, x: Any, frame: Any, g: Any, frame_of_g: Any, sums: Any, cut: Any, sizes: Any,
    grain: int,
) -> None:  # fmt: skip
    """x (N, H, W, C), g (N, OH, OW, O) -> sums (ranges, 36, rows, columns).

    Sizes: rows, and as in `forward` for the tiles. Rows are C, up to whole register tiles.
    """
    strips, down, across, _ = cut
    rows, inputs, columns, v_step, m_step = sizes
    C, O = frame[0][3], frame_of_g[0][3]
    v, m, rest = scratch[: 36 * v_step], scratch[36 * v_step :], scratch[36 * (v_step + m_step) :]
    _, (_, high, wide), _, _ = frame
    staged, staged_g = rest[: high * wide * C + lanes(x)], rest[high * wide * C + lanes(x) :]
    source, corner, line = staged, 0, 0
    source_of_g, corner_of_g, line_of_g = staged_g, 0, 0
    to = start // grain * 36 * rows * columns
    clear(sums, to, 36 * rows * columns)
    tiles = (stop - start) * down * across
    for first in range(0, tiles, TILES):
        count = min(TILES, tiles - first)
        for t in range(count):
            s, i, j = place(first + t, down, across)
            if i == 0 and j == 0:
                source, corner, line = strip(x, start + s, strips, 4 * down, frame, staged)
                source_of_g, corner_of_g, line_of_g = strip(g, start + s, strips, 4 * down, frame_of_g, staged_g)
            to_frequencies(source, corner + 4 * (i * line + j * C), line, C, v, t * inputs, v_step)
            at = corner_of_g + 4 * (i * line_of_g + j * O)
            gradient_to_frequencies(source_of_g, at, line_of_g, O, m, t * columns, m_step)
        accumulate(v, v_step, inputs, m, m_step, columns, count, sums, to, rows)
