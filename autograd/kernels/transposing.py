"""Matrices transposed in squares that fit registers."""

from __future__ import annotations

from typing import Any

from .jit import inner, jit
from .vectors import lanes
from .vectors.turning import turn

__all__ = ["transpose", "transpose_each"]


@inner
def transpose(x: Any, at: int, rows: int, columns: int, y: Any, to: int) -> None:
    """(rows, columns) from x[at] on -> (columns, rows) from y[to] on; both flat.

    The last squares are as large as the others, and reach back over those before them.
    """
    side = lanes(x)
    if rows < side or columns < side:
        for j in range(columns):
            for i in range(rows):
                y[to + j * rows + i] = x[at + i * columns + j]
        return
    for block in range(0, columns, side):
        j = min(block, columns - side)
        for other in range(0, rows, side):
            i = min(other, rows - side)
            turn(y, to + j * rows + i, rows, x, at + i * columns + j, columns)


@jit
def transpose_each(begin: int, end: int, x: Any, rows: int, columns: int, y: Any) -> None:
    """(N, rows, columns) -> (N, columns, rows), of the matrices those from begin to end; both flat."""
    for n in range(begin, end):
        at = n * rows * columns
        transpose(x, at, rows, columns, y, at)
