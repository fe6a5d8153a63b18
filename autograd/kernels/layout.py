"""How images (N, C, *spatial) lie in memory: channels first, as NumPy would have it, or last, as kernels like it.

With channels last all channels of a pixel are neighbours, and one loop in vectors does the same for each, whatever
happens in space. It is a matter of strides alone: the axes are in the same order in both.
"""

from __future__ import annotations

from functools import cache
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .buffers import empty
from .jit import enabled, readable
from .threads import split

__all__ = ["channels_first", "channels_last", "is_channels_last", "pixels", "planes", "unwound"]

_WORTHWHILE = 4096  # numbers; below, NumPy is as quick
_GRAIN = 1 << 17  # numbers that one thread takes at once


def is_channels_last(x: NDArray[Any]) -> bool:
    """Whether the memory of (N, C, *spatial) is that of a contiguous (N, *spatial, C)."""
    return bool(pixels(x).flags.c_contiguous)


def channels_last(x: NDArray[Any]) -> NDArray[Any]:
    """The images (N, C, *spatial) with channels last in memory: x itself if that is how it lies, else a copy."""
    y = pixels(x)
    return x if y.flags.c_contiguous else planes(_contiguous(y, x, x.shape[1]))


def channels_first(x: NDArray[Any]) -> NDArray[Any]:
    """The images (N, C, *spatial) contiguous: x itself if that is how it lies, else a copy."""
    return x if x.flags.c_contiguous else _contiguous(x, pixels(x), prod(x.shape[2:]))


def warm(dtype: Any) -> None:
    """Call the kernel (see warmup.py)."""
    channels_last(np.ones((1, 2, _WORTHWHILE // 2), dtype))


def unwound(x: NDArray[Any]) -> NDArray[Any]:
    """Many images with channels last made contiguous, which reshaping would do slowly; anything else as it is."""
    large = x.size >= _WORTHWHILE and x.shape[1] > 1 and x.size > x.shape[0] * x.shape[1]
    return channels_first(x) if large and is_channels_last(x) else x


def pixels(x: NDArray[Any]) -> NDArray[Any]:
    """(N, C, *spatial) seen as (N, *spatial, C)."""
    return x.transpose(_orders(x.ndim)[0])


def planes(x: NDArray[Any]) -> NDArray[Any]:
    """(N, *spatial, C) seen as (N, C, *spatial)."""
    return x.transpose(_orders(x.ndim)[1])


@cache
def _orders(ndim: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes of so many that put channels last, and those that put them first."""
    return (0, *range(2, ndim), 1), (0, ndim - 1, *range(1, ndim - 1))


def _contiguous(x: NDArray[Any], source: NDArray[Any], rows: int) -> NDArray[Any]:
    """A contiguous copy of x. `source` is the same in the other order: N matrices of so many rows, to be transposed."""
    y = empty(x.shape, x.dtype)
    quick = x.size >= _WORTHWHILE and x.dtype.char in "fd" and x.dtype.isnative
    if not (quick and source.flags.c_contiguous and x.flags.aligned and enabled()):
        y[...] = x
        return y
    from .transposing import transpose_each

    columns = x.size // (len(x) * rows)
    grain = max(_GRAIN // (rows * columns), 1)
    split(transpose_each, len(x), readable(source.reshape(-1)), rows, columns, y.reshape(-1), grain=grain)
    return y
