"""An error inside a model names the parameter as `named_parameters` does, and the user's own line."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import ShapeError

HERE = Path(__file__).name


def next_line(further: int = 1) -> str:
    """This file and the line after the one that asks, or one further on."""
    return f"{HERE}:{sys._getframe(1).f_lineno + further}"


def test_a_linear_layer_inside_a_sequential() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Linear(2, 1))
    x = tg.tensor(np.zeros((5, 2, 2), np.float32))

    place = next_line(2)
    with pytest.raises(ShapeError) as caught:
        model(x)

    message = str(caught.value)
    assert "x (5, 3), weight (1, 2)" in message
    assert ": 3 != 2;" in message
    assert "weight is 2.weight" in message
    assert f"called at {place}" in message


class Net(nn.Module):
    """A model that a user wrote, whose own line is the one to name."""

    def __init__(self) -> None:
        self.layers = [nn.Linear(4, 3)]
        self.scale = nn.Parameter(np.ones(7), name="scale")
        self.place = ""

    def forward(self, x: tg.Tensor) -> tg.Tensor:
        x = self.layers[0](x)
        self.place = next_line()
        return x * self.scale


def test_a_parameter_of_a_users_own_module() -> None:
    model = Net()

    with pytest.raises(ShapeError) as caught:
        model(tg.tensor(np.zeros((5, 4), np.float32)))

    assert str(caught.value) == f"multiply: x1 (5, 3) * scale (7,): 3 != 7; called at {model.place}"


def test_after_an_error_nothing_is_thought_to_be_inside_the_model() -> None:
    model = nn.Sequential(nn.Linear(4, 3))
    with pytest.raises(ShapeError):
        model(tg.tensor(np.zeros((5, 5), np.float32)))

    with pytest.raises(ShapeError) as caught:
        tg.tensor(np.zeros((2, 2))) @ model[0].weight

    assert "0.weight" not in str(caught.value)


def test_an_error_in_a_derivative_names_the_line_of_the_forward_call() -> None:
    @tg.autograd.primitive
    def broken(x: object) -> object:
        return x

    broken.defvjp(lambda g, _y, _x: g[:1])

    class Broken(nn.Module):
        place = ""

        def forward(self, x: tg.Tensor) -> object:
            self.place = next_line()
            return broken(x)

    model = Broken()
    y = model(tg.tensor(np.ones(3), requires_grad=True))

    with pytest.raises(ShapeError) as caught:
        y.sum().backward()

    assert any(model.place in note for note in caught.value.__notes__)
