"""Tiles read and stored: whichever the places, whole vectors, and nothing beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad.autograd.kernels.jit import jit, readable
from tapegrad.autograd.kernels.vectors import add, block, gather, load, read, repeat, spaced, store, width, write

from .tiles import COLUMNS, DTYPES, SPARE, Array, lanes, places, tile_shape, unaligned, whole_numbers


@jit
def read_rows(x: Any, at: Any, vectors: Any, y: Any) -> None:
    shape = block(x, vectors)
    tile = read(shape, x, gather(shape, at, 0, 0))
    write(y, spaced(shape, 0, width(shape)), width(shape), tile)


@jit
def repeat_row(x: Any, at: int, vectors: Any, y: Any) -> None:
    tile = repeat(block(x, vectors), x, at)
    write(y, spaced(tile, 0, width(tile)), width(tile), tile)


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data())
def test_read(dtype: str, columns: int, data: st.DataObject) -> None:
    rows, row = tile_shape(dtype, columns)
    x = readable(unaligned(whole_numbers(3 * row, dtype)))
    at = data.draw(places(rows, row, x.size))
    y = np.empty((rows, row), dtype)

    read_rows(x, at, (0,) * columns, y.reshape(-1))

    np.testing.assert_array_equal(y, [x[start : start + row] for start in at])


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("dtype", DTYPES)
@given(at=st.integers(0, 20))
def test_repeat(dtype: str, columns: int, at: int) -> None:
    rows, row = tile_shape(dtype, columns)
    x = readable(unaligned(whole_numbers(20 + row, dtype)))
    y = np.empty((rows, row), dtype)

    repeat_row(x, at, (0,) * columns, y.reshape(-1))

    np.testing.assert_array_equal(y, np.tile(x[at : at + row], (rows, 1)))


@jit
def move_2x2(x: Any, at: int, step: int, jump: int, y: Any, to: int, y_step: int, y_jump: int) -> None:
    store(y, to, y_step, y_jump, load(x, at, step, jump, 2, 2))


@jit
def move_4x4(x: Any, at: int, step: int, jump: int, y: Any, to: int, y_step: int, y_jump: int) -> None:
    store(y, to, y_step, y_jump, load(x, at, step, jump, 4, 4))


@jit
def move_6x6(x: Any, at: int, step: int, jump: int, y: Any, to: int, y_step: int, y_jump: int) -> None:
    store(y, to, y_step, y_jump, load(x, at, step, jump, 6, 6))


def vectors_at(x: Array, at: int, step: int, jump: int, side: int, lanes: int) -> list[Array]:
    """The vectors of a square tile, row by row."""
    return [x[at + step * i + jump * j :][:lanes] for i in range(side) for j in range(side)]


@pytest.mark.parametrize(("move", "side"), [(move_2x2, 2), (move_4x4, 4), (move_6x6, 6)])
@pytest.mark.parametrize("dtype", DTYPES)
@given(st.tuples(*[st.integers(0, 5)] * 4), st.tuples(*[st.integers(0, 3)] * 3))
def test_load_and_store(
    dtype: str, move: Callable[..., None], side: int, source: tuple[int, ...], target: tuple[int, ...]
) -> None:
    vector = lanes(dtype)
    at, step, jump, _ = source
    jump_y = vector + target[0]
    step_y = side * jump_y + target[1]
    x = readable(unaligned(whole_numbers(at + (step + jump) * (side - 1) + vector, dtype)))
    y = unaligned(np.full(target[2] + side * step_y, SPARE, dtype))
    expected = y.copy()
    found = vectors_at(x, at, step, jump, side, vector)
    for into, numbers in zip(vectors_at(expected, target[2], step_y, jump_y, side, vector), found, strict=True):
        into[...] = numbers

    move(x, at, step, jump, y, target[2], step_y, jump_y)

    np.testing.assert_array_equal(y, expected)


@jit
def add_3x3(x: Any, at: int, step: int, jump: int, y: Any, to: int) -> None:
    add(y, to, step, jump, load(x, at, 0, 0, 3, 3))


@pytest.mark.parametrize("dtype", DTYPES)
@given(st.tuples(*[st.integers(0, 3)] * 4))
def test_add(dtype: str, numbers: tuple[int, ...]) -> None:
    """The same vector, added at nine places."""
    vector = lanes(dtype)
    at, to, *apart = numbers
    jump = vector + apart[0]
    step = 3 * jump + apart[1]
    x, y = whole_numbers(at + vector, dtype), unaligned(np.full(to + 3 * step, SPARE, dtype))
    expected = y.copy()
    for into in vectors_at(expected, to, step, jump, 3, vector):
        into += x[at:]

    add_3x3(readable(x), at, step, jump, y, to)

    np.testing.assert_array_equal(y, expected)
