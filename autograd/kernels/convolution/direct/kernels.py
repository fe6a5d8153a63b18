"""Direct convolution: whatever the axes, strides and dilations were, the kernels here see two tables.

An image lies in memory channels last and padded. A *position* is the offset in it at which the window of one output
begins, a *tap* the offset from there of one number under the window, so that

    y[p, o] = b[o] + Σ_t x[positions[p] + taps[t]] w[t, o]           forward
    w[t, o] =        Σ_p x[positions[p] + taps[t]] g[p, o]           weight gradient

are one loop with the tables exchanged. A tile of results stays in registers while its sums run. Each table is filled up
to whole tiles by repeating its last entry: what is computed twice is written twice.
"""

from __future__ import annotations

from typing import Any

from ...jit import inner, tiled
from ...vectors import (
    block,
    entry,
    fourth,
    gather,
    height,
    lanes,
    outer,
    read,
    rectified,
    repeat,
    spaced,
    store,
    width,
    write,
    write_winners,
)
from .staging import stage

__all__ = ["forward", "weight_gradient"]

_BAND = 64  # positions: their gradients stay in the first cache while all taps meet them


@tiled
def forward(
    start: int, stop: int, scratch: Any, x: Any, frame: Any, w: Any, b: Any, taps: Any, positions: Any, rows: Any,
    y: Any, winners: Any, sizes: Any, relu: bool,
) -> None:  # fmt: skip
    """Images start to stop: x (N, *spatial, C), w (groups, taps, columns), b (groups, columns) -> y (N, *output, O).

    All are flat. `rows` says where in an image each position's outputs go. Sizes: groups, input channels and output
    channels of each, columns, a tuple as long as a tile has vectors, and numbers in an image of y. With winners,
    each four positions are a square of 2×2, of which the largest outputs go to y, and which they are to winners.
    """
    groups, inputs, outputs, columns, vectors, image = sizes
    shape = block(x, vectors)
    for n in range(start, stop):
        source, base = stage(x, n, frame, scratch)
        for group in range(groups):
            at, to = base + group * inputs, n * image + group * outputs
            k, first = group * taps.size * columns, group * columns
            for p in range(0, positions.size, height(shape)):
                places = gather(shape, positions, p, at)
                for o in range(0, columns, width(shape)):
                    tile = repeat(shape, b, first + o)
                    tile = summed(tile, source, places, taps, 0, taps.size, w, k + o, columns)
                    if winners is None:
                        if relu:
                            tile = rectified(tile)
                        write(y, gather(shape, rows, p, to + o), outputs - o, tile)
                    else:
                        largest = fourth(tile)
                        squares = gather(largest, rows, p // 4, to + o)
                        write_winners(winners, squares, outputs - o, tile, relu)
                        if relu:
                            largest = rectified(largest)
                        write(y, squares, outputs - o, largest)


@inner
def summed(tile: Any, x: Any, at: Any, steps: Any, first: int, last: int, w: Any, k: int, stride: int) -> Any:
    """tile[i, j] + Σ_s x[at[i] + steps[s]] w[k + stride (s - first) + j], s from first to last."""
    for s in range(first, last):
        tile = outer(tile, x, at, entry(steps, s), w, k)
        k += stride
    return tile


@tiled
def weight_gradient(
    start: int, stop: int, scratch: Any, x: Any, frame: Any, g: Any, taps: Any, positions: Any, sums: Any, sizes: Any,
    grain: int,
) -> None:  # fmt: skip
    """x (N, *spatial, C), g (N, positions, columns) -> sums (ranges, groups, taps, columns) over images start to stop.

    Sizes: groups, input channels and columns of each, a tuple as long as a tile has vectors, numbers in an image of g.
    """
    groups, inputs, columns, vectors, image = sizes
    shape = block(x, vectors)
    to = start // grain * groups * taps.size * columns
    sums[to : to + groups * taps.size * columns] = 0
    for n in range(start, stop):
        source, base = stage(x, n, frame, scratch)
        for group in range(groups):
            at, k = base + group * inputs, n * image + group * columns
            result = to + group * taps.size * columns
            _image_weights(shape, source, at, g, k, groups * columns, columns, taps, positions, sums, result)


@inner
def _image_weights(
    shape: Any, x: Any, base: int, g: Any, k: int, stride: int, columns: int, taps: Any, positions: Any, sums: Any,
    to: int,
) -> None:  # fmt: skip
    """Add what one group of one image contributes."""
    for band in range(0, positions.size, _BAND):
        end = min(band + _BAND, positions.size)
        for t in range(0, taps.size, height(shape)):
            at = gather(shape, taps, t, base)
            for o in range(0, columns, width(shape)):
                place = spaced(shape, to + t * columns + o, columns)
                tile = summed(read(shape, sums, place), x, at, positions, band, end, g, k + band * stride + o, stride)
                store(sums, to + t * columns + o, columns, lanes(x), tile)
