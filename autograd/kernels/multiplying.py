"""A matrix product in register tiles."""

from __future__ import annotations

from typing import Any

from .jit import jit
from .vectors import block, gather, height, outer, repeat, width, write

__all__ = ["multiply"]


@jit
def multiply(
    start: int, stop: int, a: Any, a_rows: Any, step: int, b: Any, bias: Any, y: Any, y_rows: Any, sizes: Any
) -> None:
    """Blocks start to stop of y (N, O) = a (N, K) @ b (K, O) + bias (O,), all flat; O fills whole vectors.

    a[n, k] is at a_rows[n] + step k and row n of y at y_rows[n]; both tables are filled up to whole tiles by repeating
    their last entry. Sizes: K, O, the columns and the rows of a block, and a tuple as long as a tile has vectors.
    Blocks go down first.
    """
    K, O, columns, rows, vectors = sizes
    down = -(-a_rows.size // rows)
    for part in range(start, stop):
        o, n = part // down * columns, part % down * rows
        right, bottom = min(o + columns, O), min(n + rows, a_rows.size)
        _block(block(a, vectors), a, a_rows, n, bottom, step, b, bias, o, right, y, y_rows, K, O)


@jit
def _block(
    shape: Any, a: Any, a_rows: Any, top: int, bottom: int, step: int, b: Any, bias: Any, left: int, right: int, y: Any,
    y_rows: Any, K: int, O: int,
) -> None:  # fmt: skip
    """Rows top to bottom, columns left to right."""
    for o in range(left, right, width(shape)):
        for n in range(top, bottom, height(shape)):
            at = gather(shape, a_rows, n, 0)
            tile = repeat(shape, bias, o)
            place, k = 0, o
            for _ in range(K):
                tile = outer(tile, a, at, place, b, k)
                place += step
                k += O
            write(y, gather(shape, y_rows, n, o), right - o, tile)
