"""How arrays are handed to the kernels: flat, read-only where they are only read, channels filled up to whole tiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..buffers import empty
from ..jit import readable
from ..threads import split
from ..vectors import ROWS, lanes_of

__all__ = [
    "Made",
    "columns_for",
    "filled",
    "flat",
    "grain_for",
    "result",
    "split_with_scratch",
    "sum_ranges",
    "whole",
    "whole_pairs",
    "written",
]

Made = tuple[NDArray[Any], NDArray[np.uint8] | None]
"""A result (N, *spatial, C), and the winners if it was pooled."""

_SMALL = 2_000_000  # multiplications; waking a thread takes as long as half of them
_ENOUGH = 1_500_000  # multiplications in a range; beginning one takes as long as a tenth of them


def flat(x: NDArray[Any]) -> NDArray[Any]:
    """A contiguous array as kernels read it."""
    return readable(x.reshape(-1))


def written(x: NDArray[Any] | None) -> NDArray[Any] | None:
    """A contiguous array as kernels write to it, if there is one."""
    return None if x is None else x.reshape(-1)


def columns_for(channels: int, dtype: Any, rows: int = 1) -> tuple[int, tuple[int, ...]]:
    """Channels up to whole register tiles, and a tuple as long as a tile has vectors in a row.

    The tile's rows are a multiple of `rows`, 1 or 4.
    """
    vectors = -(-channels // lanes_of(dtype))
    if vectors > 1 and ROWS[2] % rows == 0:
        vectors += vectors % 2
    row = next(row for row in (4, 2, 1) if vectors % row == 0 and ROWS[row] % rows == 0)
    return vectors * lanes_of(dtype), (0,) * row


def whole(count: int, part: int) -> int:
    """Up to a multiple of a part."""
    return -(-count // part) * part


def whole_pairs(channels: int, dtype: Any) -> int:
    """Channels up to whole pairs of vectors."""
    return whole(channels, 2 * lanes_of(dtype))


def filled(x: NDArray[Any], columns: int) -> NDArray[Any]:
    """x with zeros after its last axis up to `columns`; contiguous."""
    if x.shape[-1] == columns:
        return np.ascontiguousarray(x)
    wide = np.zeros((*x.shape[:-1], columns), x.dtype)
    wide[..., : x.shape[-1]] = x
    return wide


def result(images: int, output: Sequence[int], channels: int, dtype: Any, pooled: bool) -> Made:
    """Room for the results of a convolution, and for the winners of their pooling."""
    if not pooled:
        return empty((images, *output, channels), dtype), None
    shape = (images, *(n // 2 for n in output), channels)
    return empty(shape, dtype), empty(shape, np.uint8)


def grain_for(items: int, multiplications: int, most: int) -> int:
    """Items for one thread at a time: all of them if there is little to do, else one of at most so many equal parts."""
    if multiplications < _SMALL:
        return max(items, 1)
    parts = max(2, 1 << (multiplications // _ENOUGH).bit_length() - 1)
    return -(-items // min(parts, most))


def split_with_scratch(
    kernel: Callable[..., Any], count: int, scratch: int, dtype: Any, *args: Any, grain: int
) -> None:
    """`split`, where each call `kernel(start, stop, scratch, *args)` is lent so many numbers to work with.

    Memory that a kernel takes from the system itself, and gives back, costs as much as a tenth of a convolution.
    """

    def work(start: int, stop: int, *args: Any) -> None:
        kernel(start, stop, empty((scratch,), dtype), *args)

    split(work, count, *args, grain=grain)


def sum_ranges(sums: NDArray[Any]) -> NDArray[Any]:
    """The total of the sums that each range has of its own, added in order: threads do not change the result."""
    total: NDArray[Any] = sums[0] if len(sums) == 1 else np.add.reduce(sums, 0)
    return total
