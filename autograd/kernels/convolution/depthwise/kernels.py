"""Depthwise convolution by the tables of direct/kernels.py: vectors run over channels, which do not meet each other.

y[p, c] = b[c] + Σ_t x[positions[p] + taps[t] + c] w[t, c]       forward
w[t, c] =        Σ_p x[positions[p] + taps[t] + c] g[p, c]       weight gradient
"""

from __future__ import annotations

from typing import Any

from ...jit import inner, jit
from ...vectors import block, clear, entry, gather, hadamard, height, read, rectified, repeat, spaced, width, write
from ..direct.staging import stage

__all__ = ["forward", "weight_gradient"]


@jit
def forward(
    start: int, stop: int, scratch: Any, x: Any, frame: Any, w: Any, b: Any, taps: Any, positions: Any, rows: Any,
    y: Any, sizes: Any, relu: bool,
) -> None:  # fmt: skip
    """Images start to stop: x (N, *spatial, C), w (taps, columns), b (columns,) -> y (N, *output, C), all flat.

    Sizes: C, columns, numbers in an image of y. An image that is not copied into its frame must have C == columns.
    """
    C, columns, image = sizes
    shape = block(x, (0, 0))
    for n in range(start, stop):
        source, base = stage(x, n, frame, scratch)
        for p in range(0, positions.size, height(shape)):
            for c in range(0, columns, width(shape)):
                tile = repeat(shape, b, c)
                tile = _summed(tile, source, gather(shape, positions, p, base + c), taps, 0, taps.size, w, c, columns)
                if relu:
                    tile = rectified(tile)
                write(y, gather(shape, rows, p, n * image + c), C - c, tile)


@inner
def _summed(tile: Any, x: Any, at: Any, steps: Any, first: int, last: int, w: Any, k: int, stride: int) -> Any:
    """tile[i, j] + Σ_s x[at[i] + steps[s] + j] w[k + stride (s - first) + j], s from first to last."""
    for s in range(first, last):
        tile = hadamard(tile, x, at, entry(steps, s), w, k)
        k += stride
    return tile


@jit
def weight_gradient(
    start: int, stop: int, scratch: Any, x: Any, frame: Any, g: Any, taps: Any, positions: Any, sums: Any, columns: int,
    grain: int,
) -> None:  # fmt: skip
    """Images start to stop: x (N, *spatial, C), g (N, positions, columns) -> sums (ranges, taps, columns), all flat."""
    shape = block(x, (0, 0))
    to = start // grain * taps.size * columns
    clear(sums, to, taps.size * columns)
    for n in range(start, stop):
        source, base = stage(x, n, frame, scratch)
        for t in range(0, taps.size, height(shape)):
            for c in range(0, columns, width(shape)):
                place = spaced(shape, to + t * columns + c, columns)
                at = gather(shape, taps, t, base + c)
                k = n * positions.size * columns + c
                tile = _summed(read(shape, sums, place), source, at, positions, 0, positions.size, g, k, columns)
                write(sums, place, columns - c, tile)
