"""Sums of images over everything but their channels."""

from __future__ import annotations

from typing import Any

from .jit import jit
from .vectors import block, hadamard, height, spaced, store, width

__all__ = ["add_pixels"]


@jit
def add_pixels(start: int, stop: int, x: Any, ones: Any, sums: Any, sizes: Any) -> None:
    """Pixels start to stop of x (pixels, C), flat, added up: rows from start // grain * height on of sums.

    sums is (ranges * height, C), for each row of a tile adds up every height-th pixel. C fills whole vectors.
    Sizes: C and the grain.
    """
    C, grain = sizes
    shape = block(x, (0,))
    to = start // grain * height(shape) * C
    whole = start + (stop - start) // height(shape) * height(shape)
    for c in range(0, C, width(shape)):
        tile = shape
        for p in range(start, whole, height(shape)):
            tile = hadamard(tile, x, spaced(shape, p * C + c, C), 0, ones, 0)
        store(sums, to + c, C, 0, tile)
    for p in range(whole, stop):
        for c in range(C):
            sums[to + c] += x[p * C + c]
