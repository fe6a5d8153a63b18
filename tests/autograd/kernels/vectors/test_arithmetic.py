"""Products and sums of tiles: exact on small integers, whatever their places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad.autograd.kernels.jit import jit, readable
from tapegrad.autograd.kernels.vectors import (
    block,
    gather,
    hadamard,
    load,
    outer,
    read,
    rectified,
    sandwich,
    shifted,
    spaced,
    store,
    width,
    write,
)

from .tiles import COLUMNS, DTYPES, Array, lanes, places, tile_shape, unaligned, whole_numbers


@jit
def add_outer(y: Any, vectors: Any, x: Any, at: Any, step: int, w: Any, k: int) -> None:
    shape = block(y, vectors)
    rows = spaced(shape, 0, width(shape))
    write(y, rows, width(shape), outer(read(shape, y, rows), x, gather(shape, at, 0, 0), step, w, k))


@jit
def add_hadamard(y: Any, vectors: Any, x: Any, at: Any, step: int, w: Any, k: int) -> None:
    shape = block(y, vectors)
    rows = spaced(shape, 0, width(shape))
    write(y, rows, width(shape), hadamard(read(shape, y, rows), x, gather(shape, at, 0, 0), step, w, k))


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), step=st.integers(-3, 3), k=st.integers(0, 5))
def test_outer(dtype: str, columns: int, data: st.DataObject, step: int, k: int) -> None:
    rows, row = tile_shape(dtype, columns)
    y, x, w = whole_numbers((rows, row), dtype), whole_numbers(30, dtype, 1), whole_numbers(k + row, dtype, 2)
    at = data.draw(places(rows, 1, x.size - 6)) + 3
    expected = y + x[at + step][:, None] * w[k:]

    add_outer(y.reshape(-1), (0,) * columns, readable(unaligned(x)), at, step, readable(unaligned(w)), k)

    np.testing.assert_array_equal(y, expected)


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), step=st.integers(-3, 3), k=st.integers(0, 5))
def test_hadamard(dtype: str, columns: int, data: st.DataObject, step: int, k: int) -> None:
    rows, row = tile_shape(dtype, columns)
    y, x, w = whole_numbers((rows, row), dtype), whole_numbers(30 + row, dtype, 1), whole_numbers(k + row, dtype, 2)
    at = data.draw(places(rows, row, x.size - 6)) + 3
    expected = y + np.stack([x[start + step :][:row] for start in at]) * w[k:]

    add_hadamard(y.reshape(-1), (0,) * columns, readable(unaligned(x)), at, step, readable(unaligned(w)), k)

    np.testing.assert_array_equal(y, expected)


@pytest.mark.parametrize("columns", COLUMNS)
def test_products_are_rounded_once(columns: int) -> None:
    """(1 + e)(1 - e) - 1 = -e², which a product that is rounded before the sum loses."""
    rows, row = tile_shape("float64", columns)
    e = 2.0**-30
    y, x, w = np.full((rows, row), -1.0), np.full(1, 1 + e), np.full(row, 1 - e)

    add_outer(y.reshape(-1), (0,) * columns, readable(x), np.zeros(rows, np.intp), 0, readable(w), 0)

    np.testing.assert_array_equal(y, np.full((rows, row), -e * e))


@jit
def rectify(y: Any, vectors: Any) -> None:
    shape = block(y, vectors)
    rows = spaced(shape, 0, width(shape))
    write(y, rows, width(shape), rectified(read(shape, y, rows)))


@jit
def shift(y: Any, vectors: Any, b: Any, at: int) -> None:
    shape = block(y, vectors)
    rows = spaced(shape, 0, width(shape))
    write(y, rows, width(shape), shifted(read(shape, y, rows), b, at))


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_rectified(dtype: str, columns: int) -> None:
    values = np.array([-1, 0, 1, -np.inf, np.inf, np.nan], dtype)
    y = np.random.default_rng(0).choice(values, tile_shape(dtype, columns))
    expected = np.maximum(y, 0)

    rectify(y.reshape(-1), (0,) * columns)

    np.testing.assert_array_equal(y, expected)


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("dtype", DTYPES)
@given(at=st.integers(0, 9))
def test_shifted(dtype: str, columns: int, at: int) -> None:
    y, b = whole_numbers(tile_shape(dtype, columns), dtype), unaligned(whole_numbers(9 + lanes(dtype), dtype, 1))
    expected = y + np.tile(b[at : at + lanes(dtype)], columns)

    shift(y.reshape(-1), (0,) * columns, readable(b), at)

    np.testing.assert_array_equal(y, expected)


# Zeros, ones, and rows that differ in their signs alone, in some of them or in all
TALL = ((0.0, 1.0), (2.0, -3.0), (2.0, 3.0), (-1.0, 0.0), (1.0, 0.0), (0.0, 0.0))
WIDE = ((1.0, 2.0, 0.0, -1.0, 3.0, 0.0), (1.0, -2.0, 0.0, -1.0, -3.0, 0.0))
_by_tall, _by_wide = sandwich(TALL), sandwich(WIDE)


@jit
def between_tall(x: Any, y: Any) -> None:
    store(y, 0, y.size // 6, y.size // 36, _by_tall(load(x, 0, x.size // 2, x.size // 4, 2, 2)))


@jit
def between_wide(x: Any, y: Any) -> None:
    store(y, 0, y.size // 2, y.size // 4, _by_wide(load(x, 0, x.size // 6, x.size // 36, 6, 6)))


@pytest.mark.parametrize(("between", "matrix"), [(between_tall, TALL), (between_wide, WIDE)])
@pytest.mark.parametrize("dtype", DTYPES)
def test_sandwich(dtype: str, between: Callable[..., None], matrix: Any) -> None:
    A: Array = np.array(matrix, dtype)
    x = whole_numbers((A.shape[1], A.shape[1], lanes(dtype)), dtype)
    y = np.empty((len(A), len(A), lanes(dtype)), dtype)

    between(x.reshape(-1), y.reshape(-1))

    np.testing.assert_array_equal(y, np.einsum("ip,pqv,jq->ijv", A, x, A))
