"""Parts of tiles stored: so many numbers of each vector, so many rows and columns, and nothing beside them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad.autograd.kernels.jit import jit
from tapegrad.autograd.kernels.vectors import (
    block,
    gather,
    load,
    read,
    spaced,
    store_inside,
    store_winners_inside,
    width,
    write,
    write_winners,
)

from .tiles import COLUMNS, DTYPES, SPARE, Array, lanes, places_apart, tile_shape, unaligned, whole_numbers

many = settings(max_examples=settings().max_examples * 4)


@jit
def write_rows(x: Any, vectors: Any, y: Any, at: Any, count: int) -> None:
    shape = block(x, vectors)
    tile = read(shape, x, spaced(shape, 0, width(shape)))
    write(y, gather(shape, at, 0, 0), count, tile)


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data())
def test_write(dtype: str, columns: int, data: st.DataObject) -> None:
    rows, row = tile_shape(dtype, columns)
    count = data.draw(st.sampled_from((-1, 0, 1, row - 1, row, row + 1)) | st.integers(0, row))
    written = min(max(count, 0), row)
    at, size = data.draw(places_apart(rows, written))
    x, y = whole_numbers((rows, row), dtype), unaligned(np.full(size, SPARE, dtype))
    expected = y.copy()
    for start, numbers in zip(at, x, strict=True):
        expected[start : start + written] = numbers[:written]

    write_rows(x.reshape(-1), (0,) * columns, y, at, count)

    np.testing.assert_array_equal(y, expected)


@jit
def store_4x4_inside(x: Any, y: Any, at: int, step: int, jump: int, inside: Any) -> None:
    store_inside(y, at, step, jump, inside, load(x, 0, x.size // 4, x.size // 16, 4, 4))


@jit
def store_winners_of_4x4_inside(x: Any, y: Any, at: int, step: int, jump: int, inside: Any, positive: bool) -> None:
    store_winners_inside(y, at, step, jump, inside, load(x, 0, x.size // 4, x.size // 16, 4, 4), positive)


class Clip(NamedTuple):
    """Where a square tile goes, vector by vector, and how much of it is inside."""

    at: int
    step: int
    jump: int
    inside: tuple[int, int, int]

    def end(self, side: int, lanes: int) -> int:
        """Where the last number that is stored ends."""
        rows, columns, count = (min(limit, most) for limit, most in zip(self.inside, (side, side, lanes), strict=True))
        stored = self.at + self.step * (rows - 1) + self.jump * (columns - 1) + count
        return stored if min(rows, columns, count) else 0


@st.composite
def clips(call: st.DrawFn, side: int, dtype: str) -> Clip:
    """Clips under which no vector is stored over another."""
    rows, columns = (call(st.integers(0, side + 1)) for _ in range(2))
    most = lanes(dtype)
    count = call(st.sampled_from((1, most - 1, most, most + 1)) | st.integers(0, most))
    jump = min(count, most) + call(st.integers(0, 2))
    step = min(columns, side) * jump + call(st.integers(0, 2))
    return Clip(call(st.integers(0, 3)), step, jump, (rows, columns, count))


def clipped(vectors: Array, y: Array, clip: Clip) -> Array:
    """y with what is inside of the vectors (side, side, lanes) stored in it."""
    y = y.copy()
    rows, columns, count = clip.inside
    for i, row in enumerate(vectors[:rows]):
        for j, vector in enumerate(row[:columns]):
            numbers = vector[:count]
            y[clip.at + clip.step * i + clip.jump * j :][: numbers.size] = numbers
    return y


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data())
@many
def test_store_inside(dtype: str, data: st.DataObject) -> None:
    x = whole_numbers((4, 4, lanes(dtype)), dtype)
    clip = data.draw(clips(4, dtype))
    y = unaligned(np.full(clip.end(4, lanes(dtype)), SPARE, dtype))
    expected = clipped(x, y, clip)

    store_4x4_inside(x.reshape(-1), y, *clip)

    np.testing.assert_array_equal(y, expected)


def winners(x: Array, positive: bool) -> Array:
    """(2 n, 2 n, lanes) -> (n, n, lanes): which of each square is the first of the largest, or the last NaN."""
    n, lanes = len(x) // 2, x.shape[2]
    squares = x.reshape(n, 2, n, 2, lanes).transpose(1, 3, 0, 2, 4).reshape(4, n, n, lanes)
    nan = np.isnan(squares)
    found = np.where(nan.any(0), 3 - np.argmax(nan[::-1], 0), np.argmax(np.where(nan, 0, squares), 0))
    largest = np.take_along_axis(squares, found[None], 0)[0]
    return np.where(positive & ~(largest > 0), 4, found).astype(np.uint8)


@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data())
@many
def test_store_winners_inside(dtype: str, positive: bool, data: st.DataObject) -> None:
    values = np.array([-1, 0, -0.0, 1, 2, np.inf, -np.inf, np.nan], dtype)
    random = np.random.default_rng(data.draw(st.integers(0, 999)))
    x = random.choice(values, (4, 4, lanes(dtype)))
    clip = data.draw(clips(2, dtype))
    y = np.full(clip.end(2, lanes(dtype)), 200, np.uint8)
    expected = clipped(winners(x, positive), y, clip)

    store_winners_of_4x4_inside(x.reshape(-1), y, *clip, positive)

    np.testing.assert_array_equal(y, expected)


@jit
def write_winners_of_8x2(x: Any, y: Any, at: Any, count: int, positive: bool) -> None:
    tile = load(x, 0, x.size // 8, x.size // 16, 8, 2)
    write_winners(y, (at[0], at[1]), count, tile, positive)


@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data())
@many
def test_write_winners(dtype: str, positive: bool, data: st.DataObject) -> None:
    """Of each four rows: two results of two vectors."""
    row = 2 * lanes(dtype)
    values = np.array([-1, 0, -0.0, 1, 2, np.inf, -np.inf, np.nan], dtype)
    x = np.random.default_rng(data.draw(st.integers(0, 999))).choice(values, (2, 2, 2, row))
    count = data.draw(st.sampled_from((-1, 0, 1, row - 1, row, row + 1)) | st.integers(0, row))
    written = min(max(count, 0), row)
    at, size = data.draw(places_apart(2, written))
    y = np.full(size, 200, np.uint8)
    expected = y.copy()
    for start, square in zip(at, x, strict=True):
        expected[start : start + written] = winners(square, positive)[0, 0, :written]

    write_winners_of_8x2(x.reshape(-1), y, at, count, positive)

    np.testing.assert_array_equal(y, expected)
