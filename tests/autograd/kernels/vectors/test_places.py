"""Places of a tile's rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad.autograd.kernels.jit import jit
from tapegrad.autograd.kernels.vectors import ROWS, block, gather, spaced

from .tiles import COLUMNS, DTYPES


@jit
def spaced_places(array: Any, vectors: Any, at: int, step: int) -> Any:
    return spaced(block(array, vectors), at, step)


@jit
def gathered_places(array: Any, vectors: Any, table: Any, at: int, base: int) -> Any:
    return gather(block(array, vectors), table, at, base)


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("dtype", DTYPES)
@given(at=st.integers(-99, 99), step=st.integers(-99, 99))
def test_spaced(dtype: str, columns: int, at: int, step: int) -> None:
    places = spaced_places(np.empty(0, dtype), (0,) * columns, at, step)
    assert places == tuple(at + step * i for i in range(ROWS[columns]))


@pytest.mark.parametrize("columns", COLUMNS)
@given(data=st.data(), base=st.integers(-99, 99))
def test_gather(columns: int, data: st.DataObject, base: int) -> None:
    rows = ROWS[columns]
    table = np.array(data.draw(st.lists(st.integers(-99, 99), min_size=rows, max_size=3 * rows)), np.intp)
    at = data.draw(st.integers(0, table.size - rows))

    places = gathered_places(np.empty(0, np.float32), (0,) * columns, table, at, base)

    assert places == tuple(base + table[at : at + rows])
