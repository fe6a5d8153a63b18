"""Images with channels first and last in memory: the same numbers, and copies only where they are needed."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad.autograd.kernels import layout
from tapegrad.autograd.testing import strategies as draw

many = settings(max_examples=settings().max_examples * 4)
SIDES = (1, 2, 3, 7, 8, 15, 16, 17, 33, 64)


@given(st.data())
@many
def test_all_layouts(data: st.DataObject) -> None:
    """Whatever the sides are, fewer or more than a vector has numbers, or no multiple of it."""
    samples, channels = data.draw(st.integers(0, 3)), data.draw(st.sampled_from(SIDES))
    spatial = tuple(data.draw(st.lists(st.sampled_from(SIDES[:-1]), min_size=1, max_size=2)))
    x = data.draw(draw.arrays((samples, channels, *spatial), st.sampled_from(("float32", "float64"))))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "_WORTHWHILE", 0 if x.size else 1)
        last = layout.channels_last(x)
        first = layout.channels_first(last)

    assert layout.is_channels_last(last)
    assert layout.pixels(last).flags.c_contiguous
    assert first.flags.c_contiguous
    for y in (last, first):
        assert y.dtype == x.dtype
        np.testing.assert_array_equal(y, x)


@pytest.mark.parametrize("dtype", ["float16", "int32", "complex64", ">f4", "bool"])
def test_any_dtype(dtype: str) -> None:
    x = np.arange(2 * 40 * 9 * 7).reshape(2, 40, 9, 7).astype(dtype)
    last = layout.channels_last(x)
    assert layout.is_channels_last(last)
    np.testing.assert_array_equal(last, x)
    np.testing.assert_array_equal(layout.channels_first(last), x)


def test_what_lies_right_is_not_copied() -> None:
    x: Any = np.zeros((2, 17, 5, 5))
    last = layout.channels_last(x)
    assert layout.channels_first(x) is x
    assert layout.channels_last(last) is last
    assert not np.shares_memory(last, x)


def test_copies_of_large_images_use_whole_squares() -> None:
    """Sides that are no multiples of a vector, in every combination."""
    for channels in (16, 19, 31, 48):
        for side in (16, 21, 30):
            x = np.random.default_rng(0).normal(size=(3, channels, side, side)).astype(np.float32)
            assert prod(x.shape) > layout._WORTHWHILE
            np.testing.assert_array_equal(layout.channels_last(x), x)
            np.testing.assert_array_equal(layout.channels_first(layout.channels_last(x)), x)


def test_axes_only_change_places() -> None:
    x = np.zeros((2, 3, 4, 5, 6))
    assert layout.pixels(x).shape == (2, 4, 5, 6, 3)
    assert layout.planes(layout.pixels(x)).shape == x.shape
