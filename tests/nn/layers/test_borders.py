"""Borders of an image's own elements, against np.pad."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import ShapeError
from tapegrad.autograd.testing import check_grads, strategies as draw
from tapegrad.nn.layers.borders import MODES, bordered


@given(st.data(), st.sampled_from(list(MODES)))
def test_it_is_numpys(data: st.DataObject, mode: str) -> None:
    n = data.draw(st.integers(1, 3))
    spatial = tuple(data.draw(st.integers(1, 4)) for _ in range(n))
    most = st.integers(0, min(spatial) - (mode == "reflect"))
    widths = tuple(data.draw(st.tuples(most, most)) for _ in range(n))
    x = data.draw(draw.arrays((*data.draw(st.sampled_from([(2,), (2, 3), (0, 1)])), *spatial), "float64"))

    y = bordered("Conv", tg.tensor(x), widths, mode)

    expected: Any = np.pad(x, [(0, 0)] * (x.ndim - n) + list(widths), MODES[mode])  # type: ignore[call-overload]
    np.testing.assert_array_equal(y.numpy(), expected)


@given(st.data(), st.sampled_from(list(MODES)))
def test_derivatives(data: st.DataObject, mode: str) -> None:
    spatial = data.draw(st.tuples(st.integers(2, 3), st.integers(2, 3)))
    most = st.integers(0, min(spatial) - 1)
    widths = data.draw(st.tuples(st.tuples(most, most), st.tuples(most, most)))
    assume(np.any(widths))
    check_grads(lambda x: bordered("Conv", x, widths, mode), data.draw(draw.arrays((2, *spatial), "float64")), order=2)


def test_the_edge_may_be_repeated_as_often_as_one_likes() -> None:
    x = tg.tensor([[1.0, 2.0]])
    assert bordered("Conv", x, ((3, 4),), "replicate").numpy().tolist() == [[1, 1, 1, 1, 2, 2, 2, 2, 2]]


@pytest.mark.parametrize(("mode", "width", "most"), [("reflect", (3, 0), 2), ("circular", (0, 4), 3)])
def test_a_border_wider_than_the_image(mode: str, width: tuple[int, int], most: int) -> None:
    layer = nn.Conv2d(1, 1, 2, padding=(0, width), padding_mode=mode)
    message = rf"Conv2d: x \(1, 5, 3\): axis 2 of 3 gives padding_mode='{mode}' at most {most} .* but padding is \("
    with pytest.raises(ShapeError, match=message):
        layer(tg.tensor(np.ones((1, 5, 3), np.float32)))


@pytest.mark.parametrize("mode", MODES)
def test_of_nothing_there_is_no_border(mode: str) -> None:
    layer = nn.Conv2d(1, 1, 2, padding=1, padding_mode=mode)
    with pytest.raises(ShapeError, match=r"axis 3 of 0 gives .* at most 0"):
        layer(tg.tensor(np.ones((1, 1, 5, 0), np.float32)))
    assert layer(tg.tensor(np.ones((0, 1, 5, 4), np.float32))).shape == (0, 1, 6, 5)
