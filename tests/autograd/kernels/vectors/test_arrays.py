"""Copying, clearing and looking up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad.autograd.kernels.jit import jit, readable
from tapegrad.autograd.kernels.vectors import clear, copy, entry, writable

from .tiles import DTYPES, SPARE, unaligned, whole_numbers


@jit
def copy_numbers(y: Any, to: int, x: Any, at: int, count: int) -> None:
    copy(y, to, x, at, count)


@jit
def clear_numbers(y: Any, at: int, count: int) -> None:
    clear(y, at, count)


@jit
def entry_of(table: Any, at: int) -> int:
    return entry(table, at)  # type: ignore[no-any-return]


@jit
def one_of(x: Any, y: Any, first: bool) -> Any:
    return writable(x) if first else y


@pytest.mark.parametrize("dtype", [*DTYPES, "uint8"])
@given(count=st.integers(0, 40), at=st.integers(0, 20), to=st.integers(0, 20))
def test_copy(dtype: str, count: int, at: int, to: int) -> None:
    x, y = unaligned(whole_numbers(60, dtype)), unaligned(np.full(60, 200, dtype))
    expected = y.copy()
    expected[to : to + count] = x[at : at + count]

    copy_numbers(y, to, x, at, count)

    np.testing.assert_array_equal(y, expected)


@pytest.mark.parametrize("dtype", [*DTYPES, "uint8"])
@given(count=st.integers(0, 40), at=st.integers(0, 20))
def test_clear(dtype: str, count: int, at: int) -> None:
    y = unaligned(np.full(60, 200, dtype))
    expected = y.copy()
    expected[at : at + count] = 0

    clear_numbers(y, at, count)

    np.testing.assert_array_equal(y, expected)


def test_entry() -> None:
    table = np.array([5, -3, 2**40], np.intp)
    assert [entry_of(table, i) for i in range(3)] == table.tolist()


def test_writable_is_the_same_array() -> None:
    """One variable holds what may be written to and what may not."""
    x, y = np.full(3, SPARE), np.zeros(3)

    for first in (True, False):
        chosen = one_of(readable(x), y, first)
        assert np.shares_memory(chosen, x if first else y)
        np.testing.assert_array_equal(chosen, x if first else y)
