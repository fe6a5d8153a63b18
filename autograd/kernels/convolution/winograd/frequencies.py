"""Patches of images in Winograd's frequency domain: 6×6 numbers, spread over as many places in memory.

The numbers of frequency f, of all tiles that are worked on together, lie from f * step on: channel by channel, tile by
tile, channels filled up to whole vectors.
"""

from __future__ import annotations

from typing import Any

from ...jit import jit
from ...vectors import clear, copy, lanes, load, sandwich, store
from .matrices import B_T, A

__all__ = ["gradient_to_frequencies", "place", "step_between", "to_frequencies"]

_transform_inputs = sandwich(B_T)
_transform_gradients = sandwich(A)


@jit
def step_between(size: int, vector: int) -> int:
    """How far apart to keep the numbers of two frequencies: a power of two would put all into one set of the cache."""
    return size + vector


@jit
def place(tile: int, down: int, across: int) -> Any:
    """The image, the row and the column of a tile."""
    n, rest = divmod(tile, down * across)
    return n, rest // across, rest % across


@jit
def to_frequencies(
    x: Any, n: int, top: int, left: int, H: int, W: int, C: int, inputs: int, v: Any, to: int, step: int, patch: Any
) -> None:
    """Bᵀ d B of the 6×6 patch d of image n at (top, left), zero outside of it, into v[to + step f], f < 36."""
    vector = lanes(x)
    if top >= 0 and left >= 0 and top + 6 <= H and left + 6 <= W and inputs == C:
        at = ((n * H + top) * W + left) * C
        for c in range(0, inputs, vector):
            store(v, to + c, 6 * step, step, _transform_inputs(load(x, at + c, W * C, C, 6, 6)))
    else:
        _cut(x, n, top, left, 6, H, W, C, inputs, patch)
        for c in range(0, inputs, vector):
            store(v, to + c, 6 * step, step, _transform_inputs(load(patch, c, 6 * inputs, inputs, 6, 6)))


@jit
def gradient_to_frequencies(
    g: Any, n: int, top: int, left: int, H: int, W: int, O: int, columns: int, m: Any, to: int, step: int, patch: Any
) -> None:
    """A g Aᵀ of the 4×4 patch of image n at (top, left), zero outside of it, into m[to + step f], f < 36."""
    vector = lanes(g)
    if top + 4 <= H and left + 4 <= W and columns == O:
        at = ((n * H + top) * W + left) * O
        for o in range(0, columns, vector):
            store(m, to + o, 6 * step, step, _transform_gradients(load(g, at + o, W * O, O, 4, 4)))
    else:
        _cut(g, n, top, left, 4, H, W, O, columns, patch)
        for o in range(0, columns, vector):
            store(m, to + o, 6 * step, step, _transform_gradients(load(patch, o, 4 * columns, columns, 4, 4)))


@jit
def _cut(x: Any, n: int, top: int, left: int, size: int, H: int, W: int, C: int, inputs: int, patch: Any) -> None:
    """Copy a square patch of image n, zero outside of it, to `patch` (size, size, inputs)."""
    clear(patch, 0, size * size * inputs)
    first, end = max(0, -left), min(size, W - left)
    if first >= end:  # all of it lies outside
        return
    for r in range(max(0, -top), min(size, H - top)):
        at, to = ((n * H + top + r) * W + left) * C, r * size * inputs
        if inputs == C:
            copy(patch, to + first * C, x, at + first * C, (end - first) * C)
        else:
            for c in range(first, end):
                copy(patch, to + c * inputs, x, at + c * C, C)
