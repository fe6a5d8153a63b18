"""Patches of images in Winograd's frequency domain: 6×6 numbers, spread over as many places in memory.

The numbers of frequency f, of all tiles that are worked on together, lie from f * step on: tile by tile, channels
filled up to whole vectors.
"""

from __future__ import annotations

from typing import Any

from ...jit import inner
from ...vectors import lanes, load, sandwich, store
from .matrices import B_T, A

__all__ = ["gradient_to_frequencies", "to_frequencies"]

_transform_inputs = sandwich(B_T)
_transform_gradients = sandwich(A)


@inner
def to_frequencies(x: Any, at: int, line: int, C: int, v: Any, to: int, step: int) -> None:
    """Bᵀ d B of the 6×6 patch d from x[at] on into v[to + step f], f < 36. A row of pixels is `line` long."""
    for c in range(0, C, lanes(x)):
        store(v, to + c, 6 * step, step, _transform_inputs(load(x, at + c, line, C, 6, 6)))


@inner
def gradient_to_frequencies(g: Any, at: int, line: int, O: int, m: Any, to: int, step: int) -> None:
    """A g Aᵀ of the 4×4 patch from g[at] on into m[to + step f], f < 36. A row of pixels is `line` long."""
    for o in range(0, O, lanes(g)):
        store(m, to + o, 6 * step, step, _transform_gradients(load(g, at + o, line, O, 4, 4)))
