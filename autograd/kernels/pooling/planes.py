"""Max pooling of planes, the images of one channel: some at a time are turned so that their channels lie last.

Arrays are flat; `axes` are the three of an image, (D, H, W), and `results` those of its results. The last group of
planes reaches back over the one before it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..jit import jit
from ..transposing import transpose
from .pixels import pool_pixels, put_pixels

__all__ = ["pool_planes", "put_planes"]


@jit
def pool_planes(
    begin: int, end: int, x: Any, axes: Any, results: Any, planes: int, together: int, first: Any, count: Any,
    step: Any, size: Any, relu: bool, y: Any, winners: Any,
) -> None:  # fmt: skip
    """x (planes, D, H, W) -> y and winners (planes, OD, OH, OW), of the groups of planes those from begin to end."""
    elements, numbers = axes[0] * axes[1] * axes[2], results[0] * results[1] * results[2]
    pixels, maxima = np.empty(elements * together, x.dtype), np.empty(numbers * together, x.dtype)
    places = np.empty(numbers * together, winners.dtype)
    for group in range(begin, end):
        plane = min(group * together, planes - together)
        transpose(x, plane * elements, together, elements, pixels, 0)
        rows = results[0] * results[1]
        pool_pixels(0, rows, pixels, axes, results, together, first, count, step, size, relu, maxima, places)
        transpose(maxima, 0, numbers, together, y, plane * numbers)
        _turn(places, 0, numbers, together, winners, plane * numbers)


@jit
def put_planes(
    begin: int, end: int, g: Any, winners: Any, axes: Any, results: Any, planes: int, together: int, first: Any,
    count: Any, step: Any, size: Any, start: Any, stop: Any, tiled: bool, y: Any,
) -> None:  # fmt: skip
    """g and winners (planes, OD, OH, OW) -> y (planes, D, H, W), of the groups of planes those from begin to end."""
    elements, numbers = axes[0] * axes[1] * axes[2], results[0] * results[1] * results[2]
    pixels, maxima = np.empty(elements * together, g.dtype), np.empty(numbers * together, g.dtype)
    places = np.empty(numbers * together, winners.dtype)
    for group in range(begin, end):
        plane = min(group * together, planes - together)
        transpose(g, plane * numbers, together, numbers, maxima, 0)
        _turn(winners, plane * numbers, together, numbers, places, 0)
        rows = axes[0] * axes[1]
        put_pixels(
            0, rows, maxima, places, axes, results, together, first, count, step, size, start, stop, tiled, pixels
        )
        transpose(pixels, 0, elements, together, y, plane * elements)


@jit
def _turn(x: Any, at: int, rows: int, columns: int, y: Any, to: int) -> None:
    """As `transpose`, for numbers of any size."""
    source = x[at : at + rows * columns].reshape((rows, columns))
    target = y[to : to + rows * columns].reshape((columns, rows))
    for j in range(columns):
        for i in range(rows):
            target[j, i] = source[i, j]
