"""How large tiles are: as many rows as registers allow, vectors as wide as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tapegrad.autograd.kernels.jit import jit
from tapegrad.autograd.kernels.vectors import ROWS, block, height, lanes, spaced, tile, width, write

from .tiles import COLUMNS, DTYPES, SPARE, tile_shape


@jit
def sizes_of(array: Any, vectors: Any) -> Any:
    shape = block(array, vectors)
    return lanes(array), height(shape), width(shape)


@jit
def write_block(y: Any, vectors: Any) -> None:
    shape = block(y, vectors)
    write(y, spaced(shape, 0, width(shape)), width(shape), shape)


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_block_is_as_large_as_is_said_and_zero(dtype: str, columns: int) -> None:
    rows, row = tile_shape(dtype, columns)
    y = np.full(rows * row + 1, SPARE, dtype)

    assert sizes_of(y, (0,) * columns) == (row // columns, rows, row)
    write_block(y, (0,) * columns)

    assert y.tolist() == [0.0] * (rows * row) + [SPARE]


@pytest.mark.parametrize("columns", COLUMNS)
def test_a_tile_and_what_a_step_needs_fit_the_registers(columns: int) -> None:
    registers = 32 if tile._MANY_REGISTERS else 16
    assert ROWS[columns] * columns + columns + 1 <= registers
