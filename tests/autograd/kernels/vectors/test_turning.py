"""Squares turned in registers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad.autograd.kernels.jit import jit, readable
from tapegrad.autograd.kernels.vectors.turning import turn

from .tiles import DTYPES, SPARE, lanes, unaligned


@jit
def turn_square(y: Any, to: int, y_step: int, x: Any, at: int, x_step: int) -> None:
    turn(y, to, y_step, x, at, x_step)


@pytest.mark.parametrize("dtype", DTYPES)
@given(st.tuples(*[st.integers(0, 5)] * 4))
def test_turn(dtype: str, drawn: tuple[int, int, int, int]) -> None:
    side = lanes(dtype)
    at, to, x_step, y_step = drawn[0], drawn[1], side + drawn[2], side + drawn[3]
    x = np.arange(at + side * x_step, dtype=dtype)
    y = unaligned(np.full(to + side * y_step, SPARE, dtype))
    expected = y.copy()
    expected[to:].reshape(side, y_step)[:, :side] = x[at:].reshape(side, x_step)[:, :side].T

    turn_square(y, to, y_step, readable(unaligned(x)), at, x_step)

    np.testing.assert_array_equal(y, expected)
