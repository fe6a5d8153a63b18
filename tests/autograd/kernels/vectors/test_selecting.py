"""The largest of each four vectors; which of the four it is, test_clipping.py has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad.autograd.kernels.jit import jit
from tapegrad.autograd.kernels.vectors import fourth, halved, load, store

from .tiles import DTYPES, Array, lanes


def drawn(shape: tuple[int, ...], dtype: str, seed: int) -> Array:
    values = np.array([-1, 0, 1, 2, 3, np.inf, -np.inf, np.nan], dtype)
    return np.random.default_rng(seed).choice(values, shape, p=[0.14] * 7 + [0.02])


@jit
def halve_6x6(x: Any, y: Any) -> None:
    store(y, 0, y.size // 3, y.size // 9, halved(load(x, 0, x.size // 6, x.size // 36, 6, 6)))


@pytest.mark.parametrize("dtype", DTYPES)
@given(seed=st.integers(0, 999))
def test_halved(dtype: str, seed: int) -> None:
    x = drawn((6, 6, lanes(dtype)), dtype, seed)
    y = np.empty((3, 3, lanes(dtype)), dtype)

    halve_6x6(x.reshape(-1), y.reshape(-1))

    np.testing.assert_array_equal(y, x.reshape(3, 2, 3, 2, -1).max((1, 3)))


@jit
def fourth_of_10x2(x: Any, y: Any) -> None:
    store(y, 0, y.size // 2, y.size // 4, fourth(load(x, 0, x.size // 10, x.size // 20, 10, 2)))


@pytest.mark.parametrize("dtype", DTYPES)
@given(seed=st.integers(0, 999))
def test_fourth(dtype: str, seed: int) -> None:
    """Of ten rows, the last two make no four."""
    x = drawn((10, 2, lanes(dtype)), dtype, seed)
    y = np.empty((2, 2, lanes(dtype)), dtype)

    fourth_of_10x2(x.reshape(-1), y.reshape(-1))

    np.testing.assert_array_equal(y, x[:8].reshape(2, 4, 2, -1).max(1))
