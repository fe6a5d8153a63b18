"""A matrix product in register tiles."""

from __future__ import annotations

from typing import Any

import numpy as np

from .jit import inner, jit
from .sharing.offering import shared
from .transposing import transpose
from .vectors import block, gather, height, outer, repeat, width, write

__all__ = ["multiply", "multiply_turned"]


@jit
def _blocks(
    start: int, stop: int, a: Any, a_rows: Any, step: int, b: Any, bias: Any, y: Any, y_rows: Any, K: int, O: int,
    zeros: Any, rest: Any, halves: int, columns: int, rows: int, vectors: Any,
) -> None:  # fmt: skip
    """Blocks start to stop, rows × columns, of y (N, O) = a (N, K) @ b (K, O) + bias (O,), all flat.

    a[n, k] is at a_rows[n] + step k and row n of y at y_rows[n]; both tables are filled up to whole tiles by repeating
    their last entry. O fills whole vectors, and a tuple says by its length how many a tile has. Blocks go down first.
    With two halves, y + rest is the result: y is summed over the first half of K, rest over the second.
    """
    shape = block(a, vectors)
    down, across = -(-a_rows.size // rows), -(-O // columns)
    for number in range(start, stop):
        half, place = number // (down * across), number % (down * across)
        left, top = place // down * columns, place % down * rows
        bottom = min(top + rows, a_rows.size)
        first, last = half * K // halves, (half + 1) * K // halves
        addend, sums = (bias, y) if half == 0 else (zeros, rest)
        for o in range(left, min(left + columns, O), width(shape)):
            _strip(shape, a, a_rows, top, bottom, step, b, o, O, addend, o, sums, y_rows, first, last, O)


@jit
def _turned_blocks(
    start: int, stop: int, a: Any, a_rows: Any, step: int, b: Any, bias: Any, y: Any, y_rows: Any, K: int, O: int,
    vectors: Any,
) -> None:  # fmt: skip
    """As `_blocks`, with b (O, K) in column order and blocks as wide as a tile: of each, b is turned first."""
    shape = block(a, vectors)
    turned = np.empty(K * width(shape), y.dtype)
    for o in range(start * width(shape), min(stop * width(shape), O), width(shape)):
        transpose(b, o * K, width(shape), K, turned, 0)
        _strip(shape, a, a_rows, 0, a_rows.size, step, turned, 0, width(shape), bias, o, y, y_rows, 0, K, O)


@inner
def _strip(
    shape: Any, a: Any, a_rows: Any, top: int, bottom: int, step: int, b: Any, at: int, b_step: int, bias: Any, o: int,
    y: Any, y_rows: Any, first: int, last: int, O: int,
) -> None:  # fmt: skip
    """Rows top to bottom of the columns of one tile, from o on, summed over k from first to last."""
    for n in range(top, bottom, height(shape)):
        places = gather(shape, a_rows, n, 0)
        tile = repeat(shape, bias, o)
        place, k = first * step, at + first * b_step
        for _ in range(first, last):
            tile = outer(tile, a, places, place, b, k)
            place += step
            k += b_step
        write(y, gather(shape, y_rows, n, o), O - o, tile)


multiply = shared(_blocks)
multiply_turned = shared(_turned_blocks)
