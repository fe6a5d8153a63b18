"""Max pooling and its adjoint pair, take and put, on arrays of any layout.

Winners say which element of its region each maximum is. They are positions in the region, so most fit a byte, and they
lie in memory as the maxima do. Images are (..., *spatial), results (..., *output). Kernels are for float32 and float64;
halves are pooled in float32, and everything else goes its way in NumPy.
"""

from __future__ import annotations

from functools import cache
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..jit import enabled
from . import reference
from .reference import places as places, take as take
from .regions import Regions

__all__ = ["places", "pool", "put", "take"]

_WORTHWHILE = 1024  # numbers in the images; for less Numba need not be loaded


def pool(x: NDArray[Any], regions: Regions, relu: bool = False) -> tuple[NDArray[Any], NDArray[Any]]:
    """The maxima of regions, and their winners. The first of equal elements wins, but the last NaN.

    With relu, maxima that are not positive become 0, and nobody has won: those are the results and the winners of max
    pooling and a rectifier together, in either order.
    """
    if x.dtype.char == "e":
        y, winners = pool(x.astype(np.float32), regions, relu)
        return y.astype(np.float16), winners
    y, winners = _way(x, x.size).pool(x, regions, relu)
    return y, winners


def put(g: NDArray[Any], winners: NDArray[Any], regions: Regions) -> NDArray[Any]:
    """Images of zeros, with each result added where it came from. The adjoint of `take`."""
    if g.dtype.char == "e":
        return put(g.astype(np.float32), winners, regions).astype(np.float16)
    leading = g.shape[: g.ndim - len(regions.output)]
    gx: NDArray[Any] = _way(g, prod(leading) * prod(regions.spatial)).put(g, winners, regions)
    return gx


def _way(x: NDArray[Any], numbers: int) -> Any:
    """The module that pools such arrays, from or into images of so many numbers."""
    quick = numbers >= _WORTHWHILE and x.dtype.char in "fd" and x.dtype.isnative and x.flags.aligned and enabled()
    return _launching() if quick else reference


@cache
def _launching() -> Any:
    """The module that calls the kernels, which needs Numba when it is imported."""
    from . import launching

    return launching
