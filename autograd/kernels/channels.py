"""Sums over everything but the channels of images: the gradient of a bias."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .jit import enabled, readable
from .layout import channels_last, pixels
from .threads import split

__all__ = ["sum_per_channel", "warm"]

_WORTHWHILE = 1 << 14  # numbers; for fewer NumPy is as quick
_GRAIN = 1 << 17  # numbers that one thread takes at once


def sum_per_channel(x: NDArray[Any]) -> NDArray[Any]:
    """(N, C, *spatial) -> (C,)"""
    last = pixels(x)
    quick = x.size >= _WORTHWHILE and x.dtype.char in "fd" and x.dtype.isnative
    if quick and last.flags.c_contiguous and x.flags.aligned and enabled():
        from .vectors import lanes_of

        if x.shape[1] % lanes_of(x.dtype) == 0:
            return _sum_in_vectors(last)
    total: NDArray[Any] = np.add.reduce(x, (0, *range(2, x.ndim)))
    return total


def _sum_in_vectors(x: NDArray[Any]) -> NDArray[Any]:
    """(N, *spatial, C) -> (C,), for channels that fill vectors."""
    from .summing import add_pixels
    from .vectors import ROWS, lanes_of

    C, lanes = x.shape[-1], lanes_of(x.dtype)
    count = x.size // C
    grain = max(_GRAIN // C, 1)
    # each range has its own sums: threads do not change the result
    sums = np.empty((-(-count // grain) * ROWS[1], C), x.dtype)
    ones = readable(np.ones(lanes, x.dtype))
    split(add_pixels, count, readable(x.reshape(-1)), ones, sums.reshape(-1), (C, grain), grain=grain)
    total: NDArray[Any] = np.add.reduce(sums, 0)
    return total


def warm(dtype: Any) -> None:
    """Call the kernel (see warmup.py)."""
    from .vectors import lanes_of

    lanes = lanes_of(np.dtype(dtype))
    sum_per_channel(channels_last(np.ones((1, lanes, _WORTHWHILE // lanes), dtype)))
