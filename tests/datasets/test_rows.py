from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from tapegrad.datasets.rows import as_rows

LENGTH = 7
ROWS = st.integers(-LENGTH, LENGTH - 1)
INTEGER_TYPES = st.sampled_from([np.int8, np.int32, np.int64])


@given(
    ROWS
    | ROWS.map(np.int16)
    | st.slices(LENGTH)
    | st.lists(ROWS)
    | st.builds(lambda rows, dtype: np.array(rows, dtype=dtype), st.lists(ROWS), INTEGER_TYPES)
    | st.lists(st.booleans(), min_size=LENGTH, max_size=LENGTH).map(np.array)
)
def test_names_the_rows_that_numpy_names(index: Any) -> None:
    values = np.arange(100, 100 + LENGTH)

    rows = as_rows(index, LENGTH)

    assert isinstance(rows, int) or rows.dtype == np.int64
    numpy_index = np.array(index, dtype=int) if isinstance(index, list) else index
    np.testing.assert_array_equal(values[rows], values[numpy_index])


@pytest.mark.parametrize("index", [1.0, "1", None, [0.5], np.array([1.0]), [[None]], object()])
def test_not_an_index(index: Any) -> None:
    with pytest.raises(TypeError, match="expected an integer, a slice, or an array of integers or booleans"):
        as_rows(index, LENGTH)


@pytest.mark.parametrize(
    ("index", "row"),
    [(7, 7), (-8, -8), ([0, 9], 9), ([-9, 0], -9), (np.array([2**64 - 1], dtype=np.uint64), 2**64 - 1)],
)
def test_out_of_range(index: Any, row: int) -> None:
    with pytest.raises(IndexError, match=f"row {row} of a data set with 7 rows"):
        as_rows(index, LENGTH)


def test_wrong_shapes() -> None:
    with pytest.raises(IndexError, match=r"expected row numbers in one dimension; got shape \(1, 2\)"):
        as_rows([[1, 2]], LENGTH)
    for mask in (True, [True], np.ones((LENGTH, 1), dtype=bool)):
        with pytest.raises(IndexError, match=r"expected a mask of shape \(7,\)"):
            as_rows(mask, LENGTH)


def test_an_empty_data_set_has_no_rows() -> None:
    none: NDArray[Any] = np.array([], dtype=np.int64)
    assert isinstance(rows := as_rows(none, 0), np.ndarray)
    assert rows.size == 0
    with pytest.raises(IndexError):
        as_rows(0, 0)
