"""Interpolation between the pixels of an image, as linear maps along each axis.

Position o of an axis of the result lies at scale (o + 1/2) - 1/2 of the input, whose pixels are thought to be squares
around integers; with aligned corners, at scale o, so that the first and the last pixels coincide.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bands import Band, along_axes

__all__ = ["Resizing", "adjoint", "linear", "nearest", "resize"]

Shape = tuple[int, ...]
Scales = tuple[float | None, ...]
"""Sizes of the result over those of the input, as the user said; None where only the sizes were given."""


@dataclass(frozen=True, eq=False)
class Resizing:
    """A map along each axis; the same resizing is the same object."""

    name: str
    bands: tuple[Band, ...]

    def __str__(self) -> str:
        return self.name


def resize(x: NDArray[Any], resizing: Resizing) -> NDArray[Any]:
    """(..., *spatial) -> (..., *output); halves are interpolated in float32, integers in float64 if at all."""
    if x.dtype.kind in "biu" and any(band.weights is not None for band in resizing.bands):
        x = x.astype(np.float64)
    return along_axes(x, resizing.bands)


def adjoint(g: NDArray[Any], resizing: Resizing) -> NDArray[Any]:
    """(..., *output) -> (..., *spatial)"""
    return along_axes(g, [band.adjoint for band in resizing.bands])


@lru_cache(1024)
def nearest(spatial: Shape, output: Shape, scales: Scales) -> Resizing:
    """The pixel at floor(scale o), a product in float32 as in PyTorch, which decides where it should be an integer."""
    bands = []
    for n, outputs, scale in zip(spatial, output, scales, strict=True):
        step = np.float32(_step(n, outputs, scale))
        at = np.floor(np.arange(outputs, dtype=np.float32) * step).astype(np.intp)
        bands.append(Band(n, np.minimum(at, n - 1), np.ones(outputs, np.intp)))
    return Resizing("nearest", tuple(bands))


@lru_cache(1024)
def linear(spatial: Shape, output: Shape, scales: Scales, align_corners: bool) -> Resizing:
    """The two pixels around each position, weighted by how near they are; one, where it is that, or an edge."""
    bands = []
    for n, outputs, scale in zip(spatial, output, scales, strict=True):
        o = np.arange(outputs)
        if align_corners:
            at = o * ((n - 1) / (outputs - 1) if outputs > 1 else 0.0)
        else:
            at = np.maximum((o + 0.5) * _step(n, outputs, scale) - 0.5, 0)
        at = np.minimum(at, n - 1)
        first = np.floor(at).astype(np.intp)
        share = at - first
        weights = np.stack([1 - share, share], axis=1)
        bands.append(Band(n, first, 1 + (share > 0), weights))
    return Resizing("linear, corners aligned" if align_corners else "linear", tuple(bands))


def _step(length: int, outputs: int, scale: float | None) -> float:
    """How far results are apart in the input; 1 if there are as many, also if the user's scale is only close to 1."""
    if scale is None or length == outputs:
        return length / outputs
    return 1 / scale
