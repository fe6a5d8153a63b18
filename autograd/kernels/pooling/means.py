"""Sums and means of regions, on arrays of any layout and dtype."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..bands import along_axes
from .regions import Regions

__all__ = ["mean", "spread", "sums"]


def sums(x: NDArray[Any], regions: Regions) -> NDArray[Any]:
    """(..., *spatial) -> the sum of each region (..., *output)."""
    return along_axes(x, regions.bands)


def spread(g: NDArray[Any], regions: Regions) -> NDArray[Any]:
    """(..., *output) -> (..., *spatial), each element of which is the sum of its regions: the adjoint of `sums`."""
    return along_axes(g, [band.adjoint for band in regions.bands])


def mean(x: NDArray[Any], regions: Regions, divisor: Any) -> NDArray[Any]:
    """The sum of each region, divided by a number or by (*output); integers give float64, as in NumPy."""
    if x.dtype == np.float16:
        return mean(x.astype(np.float32), regions, divisor).astype(np.float16)
    y = sums(x.astype(np.float64) if x.dtype.kind in "biu" else x, regions)
    y /= np.asarray(divisor, y.dtype)
    return y
