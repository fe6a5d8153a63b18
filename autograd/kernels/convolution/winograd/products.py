"""Products of small matrices in the frequency domain, in register tiles: one for each of 36 frequencies."""

from __future__ import annotations

from typing import Any

from ...jit import inner
from ...vectors import block, height, lanes, outer, read, spaced, store, width

__all__ = ["accumulate", "multiply"]

_ONE, _TWO = (0,), (0, 0)  # vectors in a row of a register tile


@inner
def multiply(
    v: Any, v_step: int, inputs: int, u: Any, m: Any, m_step: int, columns: int, depth: int, count: int
) -> None:
    """m[f] = v[f] @ u[f], for each of the 36 frequencies and so many tiles."""
    shape = block(v, _ONE)
    for f in range(36):
        for t in range(0, count, height(shape)):
            at = spaced(shape, f * v_step + t * inputs, inputs)
            for o in range(0, columns, width(shape)):
                tile = shape
                k = f * depth * columns + o
                for c in range(depth):
                    tile = outer(tile, v, at, c, u, k)
                    k += columns
                store(m, f * m_step + t * columns + o, columns, lanes(v), tile)


@inner
def accumulate(
    v: Any, v_step: int, inputs: int, m: Any, m_step: int, columns: int, count: int, sums: Any, to: int, rows: int
) -> None:
    """sums[f] += v[f]ᵀ @ m[f], for each of the 36 frequencies and so many tiles."""
    shape = block(v, _TWO)
    for f in range(36):
        for c in range(0, rows, height(shape)):
            at = spaced(shape, f * v_step + c, 1)
            for o in range(0, columns, width(shape)):
                place = to + (f * rows + c) * columns + o
                tile = read(shape, sums, spaced(shape, place, columns))
                k = f * m_step + o
                for t in range(count):
                    tile = outer(tile, v, at, t * inputs, m, k)
                    k += columns
                store(sums, place, columns, lanes(v), tile)
