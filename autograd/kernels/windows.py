"""Windows of an array laid side by side, and put back: overlapping ones add up."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .convolution.geometry import Geometry, Shape

__all__ = ["fold", "unfold"]


def unfold(x: Any, kernel: Shape, geometry: Geometry) -> Any:
    """(N, C, *spatial) -> (N, C * positions in the kernel, places of the kernel)."""
    samples, channels, *spatial = x.shape
    output = geometry.output(tuple(spatial), kernel)
    padded: Any = np.pad(x, ((0, 0), (0, 0), *geometry.padding))
    columns: Any = np.empty((samples, channels, *kernel, *output), x.dtype)
    for k, tap in geometry.taps(kernel, output):
        columns[(slice(None), slice(None), *k)] = padded[(..., *tap)]
    return columns.reshape(samples, channels * prod(kernel), prod(output))


def fold(columns: Any, spatial: Shape, kernel: Shape, geometry: Geometry) -> Any:
    """(N, C * positions in the kernel, places of the kernel) -> (N, C, *spatial): the adjoint of `unfold`.

    Halves add up in single precision.
    """
    samples, channels = len(columns), columns.shape[1] // prod(kernel)
    output = geometry.output(spatial, kernel)
    windows = columns.reshape(samples, channels, *kernel, *output)
    working = np.float32 if columns.dtype == np.float16 else columns.dtype
    padded: Any = np.zeros((samples, channels, *geometry.padded(spatial)), working)
    for k, tap in geometry.taps(kernel, output):
        padded[(..., *tap)] += windows[(slice(None), slice(None), *k)]
    return padded[(..., *geometry.inner(spatial))].astype(columns.dtype, copy=False)
