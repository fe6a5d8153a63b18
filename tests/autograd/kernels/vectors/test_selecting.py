"""The largest of each 2×2 square; which of the four it is, test_clipping.py has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad.autograd.kernels.jit import jit
from tapegrad.autograd.kernels.vectors import halved, load, store

from .tiles import DTYPES, lanes


@jit
def halve_6x6(x: Any, y: Any) -> None:
    store(y, 0, y.size // 3, y.size // 9, halved(load(x, 0, x.size // 6, x.size // 36, 6, 6)))


@pytest.mark.parametrize("dtype", DTYPES)
@given(seed=st.integers(0, 999))
def test_halved(dtype: str, seed: int) -> None:
    values = np.array([-1, 0, 1, 2, 3, np.inf, -np.inf, np.nan], dtype)
    x = np.random.default_rng(seed).choice(values, (6, 6, lanes(dtype)), p=[0.14] * 7 + [0.02])
    y = np.empty((3, 3, lanes(dtype)), dtype)

    halve_6x6(x.reshape(-1), y.reshape(-1))

    np.testing.assert_array_equal(y, x.reshape(3, 2, 3, 2, -1).max((1, 3)))
