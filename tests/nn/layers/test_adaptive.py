"""Adaptive pooling as modules, beside PyTorch's."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, strategies as st

from tapegrad import nn

from .twins import assert_twins, images

MAX = ["AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d"]
MEAN = ["AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d"]


@pytest.mark.parametrize("name", MAX + MEAN)
@given(data=st.data())
def test_it_is_pytorchs(data: st.DataObject, name: str) -> None:
    n = int(name[-2])
    one = st.integers(1, 5)
    each = one if n == 1 else st.none() | one
    size = data.draw(one | st.tuples(*[each] * n))
    options = {"return_indices": data.draw(st.booleans())} if name in MAX else {}
    x = data.draw(images([data.draw(st.integers(1, 7 - n)) for _ in range(n)]))

    assert_twins(getattr(nn, name)(size, **options), getattr(torch.nn, name)(size, **options), x)


@pytest.mark.parametrize("name", MAX + MEAN)
@pytest.mark.parametrize(
    ("size", "error", "message"),
    [
        (0, ValueError, "output_size must be at least 1, got 0"),
        ((2, 2, 2, 2), ValueError, r"output_size must be an int or a tuple of \w+, got \(2, 2, 2, 2\)"),
        (2.5, TypeError, r"output_size must be an int or a tuple of ints, got 2\.5"),
    ],
)
def test_what_cannot_be_is_refused(name: str, size: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{name}: {message}"):
        getattr(nn, name)(size)


def test_in_evaluation_it_says_the_same() -> None:
    assert repr(nn.AdaptiveMaxPool2d((3, None)).eval()) == "AdaptiveMaxPool2d(output_size=(3, None))"
