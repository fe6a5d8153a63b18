"""What normalising channels is made of, for x (R, T) whose columns belong to channels; planes.py for rows.

Tables (T,) say what is to be done to the numbers of each column. Sums are those of each block of `BLOCK` rows.
"""

from __future__ import annotations

from typing import Any

from ..jit import jit
from ..sharing.offering import shared
from .layouts import BLOCK

__all__ = ["products", "pull", "scale", "sums"]


@jit
def _sums(start: int, stop: int, x: Any, shift: Any, sums: Any) -> None:
    """Σ (x - shift) and Σ (x - shift)² over rows start to stop, (blocks, 2, T) in float64."""
    four = start + (stop - start) // 4 * 4
    for r in range(start, four, 4):  # four at once, for the sums are in memory
        b = r // BLOCK
        for c in range(x.shape[1]):
            i, j = x[r, c] - shift[c], x[r + 1, c] - shift[c]
            k, l = x[r + 2, c] - shift[c], x[r + 3, c] - shift[c]
            sums[b, 0, c] += (i + j) + (k + l)
            sums[b, 1, c] += (i * i + j * j) + (k * k + l * l)
    for r in range(four, stop):
        b = r // BLOCK
        for c in range(x.shape[1]):
            d = x[r, c] - shift[c]
            sums[b, 0, c] += d
            sums[b, 1, c] += d * d


@jit
def _scale(start: int, stop: int, x: Any, centre: Any, factor: Any, offset: Any, y: Any) -> None:
    """(x - centre) · factor + offset, for rows start to stop."""
    for r in range(start, stop):
        for c in range(x.shape[1]):
            y[r, c] = (x[r, c] - centre[c]) * factor[c] + offset[c]


@jit
def _products(start: int, stop: int, g: Any, x: Any, centre: Any, sums: Any) -> None:
    """Σ g and Σ g (x - centre) over rows start to stop, (blocks, 2, T) in the type of x."""
    for r in range(start, stop):
        b = r // BLOCK
        for c in range(x.shape[1]):
            sums[b, 0, c] += g[r, c]
            sums[b, 1, c] += g[r, c] * (x[r, c] - centre[c])


@jit
def _pull(start: int, stop: int, g: Any, x: Any, centre: Any, factor: Any, offset: Any, slope: Any, gx: Any) -> None:
    """g · factor - offset - (x - centre) · slope, for rows start to stop."""
    for r in range(start, stop):
        for c in range(x.shape[1]):
            gx[r, c] = g[r, c] * factor[c] - offset[c] - (x[r, c] - centre[c]) * slope[c]


sums = shared(_sums)
scale = shared(_scale)
products = shared(_products)
pull = shared(_pull)
