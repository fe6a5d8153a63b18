"""Sums per channel against NumPy's, in all layouts, from one image of one pixel on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from tapegrad.autograd.kernels import channels
from tapegrad.autograd.kernels.channels import sum_per_channel
from tapegrad.autograd.kernels.threads import limit

many = settings(max_examples=settings().max_examples * 4)
CHANNELS = st.sampled_from((1, 2, 3, 7, 8, 16, 17, 24, 32, 48, 64, 80))


@st.composite
def images(call: st.DrawFn) -> NDArray[Any]:
    """(N, C, *spatial) of small integers, whose axes lie in memory in any order, some of them stepped over."""
    spatial = call(st.lists(st.integers(0, 9), max_size=3))
    shape = (call(st.integers(0, 5)), call(CHANNELS), *spatial)
    dtype = call(st.sampled_from(("float16", "float32", "float64", ">f4", "int32")))
    last = (0, *range(2, len(shape)), 1)
    order = call(st.just(last) | st.permutations(range(len(shape))).map(tuple))
    step = call(st.sampled_from((1, 1, 1, -1, 2)))
    made = np.random.default_rng(call(st.integers(0, 99))).integers(-3, 4, [shape[axis] * 2 for axis in order])
    part = made.astype(dtype)[tuple(slice(None, shape[axis] * step, step) for axis in order)]
    return (part.copy() if step == 1 else part).transpose(np.argsort(order))


@given(images(), st.integers(1, 3))
@many
def test_it_is_numpys(x: NDArray[Any], threads: int) -> None:
    expected = x.sum((0, *range(2, x.ndim)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(channels, "_WORTHWHILE", 1)
        patch.setattr(channels, "_GRAIN", 256)
        patch.setattr(limit, "_count", threads)
        sums = sum_per_channel(x)

    np.testing.assert_array_equal(sums, expected, strict=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("last", [False, True])
def test_large_images(dtype: Any, last: bool) -> None:
    x = np.random.default_rng(0).standard_normal((8, 48, 30, 31)).astype(dtype)
    if last:
        x = np.moveaxis(np.moveaxis(x, 1, -1).copy(), -1, 1)

    sums = sum_per_channel(x)

    expected = x.sum((0, 2, 3), dtype=np.longdouble)
    np.testing.assert_allclose(sums, expected, rtol=0, atol=x[:, 0].size * float(np.finfo(dtype).eps))


def test_nan_stays_in_its_channel() -> None:
    x = np.moveaxis(np.ones((4, 16, 16, 32), np.float32), -1, 1)
    x[1, 3, 5, 5] = np.nan

    sums = sum_per_channel(x)

    assert np.flatnonzero(np.isnan(sums)).tolist() == [3]
    assert np.delete(sums, 3).tolist() == [1024] * 31


def test_any_number_of_threads_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.moveaxis(np.random.default_rng(0).standard_normal((16, 30, 30, 32)).astype(np.float32), -1, 1)
    monkeypatch.setattr(channels, "_GRAIN", 1 << 12)
    results = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(limit, "_count", threads)
        results.append(sum_per_channel(x))

    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])
