"""What normalising channels is made of, for x (R, L) whose rows r belong to channel r % C; columns.py for columns.

Tables (C,) say what is to be done to the numbers of each channel. Sums are those of each row.
"""

from __future__ import annotations

from typing import Any

from ..jit import jit, summing
from ..sharing.offering import shared

__all__ = ["products", "pull", "scale", "sums"]


@summing
def _sums(start: int, stop: int, x: Any, shift: Any, sums: Any) -> None:
    """Σ (x - shift) and Σ (x - shift)² of rows start to stop, (2, R) in float64."""
    for r in range(start, stop):
        origin = shift[r % shift.size]
        total = squares = 0.0
        for i in range(x.shape[1]):
            d = x[r, i] - origin
            total += d
            squares += d * d
        sums[0, r], sums[1, r] = total, squares


@jit
def _scale(start: int, stop: int, x: Any, centre: Any, factor: Any, offset: Any, y: Any) -> None:
    """(x - centre) · factor + offset, for rows start to stop."""
    for r in range(start, stop):
        c = r % centre.size
        origin, slope, height = centre[c], factor[c], offset[c]
        for i in range(x.shape[1]):
            y[r, i] = (x[r, i] - origin) * slope + height


@summing
def _products(start: int, stop: int, g: Any, x: Any, centre: Any, sums: Any) -> None:
    """Σ g and Σ g (x - centre) of rows start to stop, (2, R) in float64."""
    for r in range(start, stop):
        origin = centre[r % centre.size]
        total = along = x.dtype.type(0)
        for i in range(x.shape[1]):
            total += g[r, i]
            along += g[r, i] * (x[r, i] - origin)
        sums[0, r], sums[1, r] = total, along


@jit
def _pull(start: int, stop: int, g: Any, x: Any, centre: Any, factor: Any, offset: Any, slope: Any, gx: Any) -> None:
    """g · factor - offset - (x - centre) · slope, for rows start to stop."""
    for r in range(start, stop):
        c = r % centre.size
        origin, height, ours, theirs = centre[c], offset[c], factor[c], slope[c]
        for i in range(x.shape[1]):
            gx[r, i] = g[r, i] * ours - height - (x[r, i] - origin) * theirs


sums = shared(_sums)
scale = shared(_scale)
products = shared(_products)
pull = shared(_pull)
