"""Sequential."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn


class Append(nn.Module):
    """Notes that it was called."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def forward(self, x: str) -> str:
        return x + self.mark


def test_modules_are_called_in_order() -> None:
    assert nn.Sequential(Append("a"), nn.Sequential(Append("b"), Append("c")), Append("d"))("") == "abcd"


def test_a_module_that_stands_twice_is_called_twice_and_trained_once() -> None:
    layer = nn.Linear(2, 2)
    model = nn.Sequential(layer, nn.ReLU(), layer)

    assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias"]
    assert len(model) == 3
    x = tg.tensor(np.ones((1, 2), np.float32))
    np.testing.assert_array_equal(model(x).numpy(), layer(nn.functional.relu(layer(x))).numpy())


def test_it_is_a_sequence() -> None:
    parts = [nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 1)]
    model = nn.Sequential(*parts)

    assert list(model) == parts
    assert len(model) == 3
    assert model[0] is parts[0]
    assert model[-1] is parts[2]
    with pytest.raises(IndexError):
        model[3]


def test_more_than_ten_keep_their_order() -> None:
    marks = "abcdefghijklmn"

    assert nn.Sequential(*map(Append, marks))("") == marks


def test_an_empty_one_gives_back_what_it_got() -> None:
    assert nn.Sequential()(5) == 5
    assert repr(nn.Sequential()) == "Sequential()"


@pytest.mark.parametrize("item", [np.tanh, "relu", None, [nn.ReLU()]])
def test_what_is_no_module_is_refused(item: Any) -> None:
    with pytest.raises(TypeError, match="Sequential: item 1 must be a Module, got"):
        nn.Sequential(nn.ReLU(), item)
