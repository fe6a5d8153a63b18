"""Tiles as NumPy sees them, for what the functions of tiles do to be compared with what NumPy does."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tapegrad.autograd.kernels.vectors import ROWS, lanes_of

Array = NDArray[Any]
DTYPES = ("float32", "float64")
COLUMNS = tuple(ROWS)
"""Vectors in a row of a tile."""

SPARE = 7.5
"""What stands where nothing may be written."""


def lanes(dtype: str) -> int:
    return lanes_of(np.dtype(dtype))


def tile_shape(dtype: str, columns: int) -> tuple[int, int]:
    """Rows of a tile, and numbers in one."""
    return ROWS[columns], columns * lanes(dtype)


def whole_numbers(shape: int | tuple[int, ...], dtype: str, seed: int = 0) -> Array:
    """Small integers: sums and products of them are exact."""
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(dtype)


def unaligned(numbers: Array) -> Array:
    """The same numbers at an address that no vector would choose."""
    room: Array = np.empty(numbers.size + 1, numbers.dtype)
    room[1:] = numbers.ravel()
    return room[1:]


@st.composite
def places(call: st.DrawFn, rows: int, length: int, size: int) -> Array:
    """Where so many rows of a length begin in an array of a size, in any order; rows may share numbers."""
    return np.array([call(st.integers(0, size - length)) for _ in range(rows)], np.intp)


@st.composite
def places_apart(call: st.DrawFn, rows: int, length: int) -> tuple[Array, int]:
    """Where so many rows begin that share nothing, in any order, and the size of the array."""
    gaps = call(st.lists(st.integers(0, 3), min_size=rows + 1, max_size=rows + 1))
    starts = np.cumsum([gap + (length if i else 0) for i, gap in enumerate(gaps[:-1])])
    order = call(st.permutations(range(rows)))
    return starts[list(order)].astype(np.intp), int(starts[-1]) + length + gaps[-1]
