"""The picture as text."""

from __future__ import annotations

import numpy as np

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import exp
from tapegrad.autograd.drawing import draw

NETWORK = """\
x  (input)                f32[5, 3]
┌ Sequential
│ 0 = Linear(x)           f32[5, 4]  weight f32[4, 3]; bias f32[4]
│ 1 = Tanh(0)             f32[5, 4]
│ 2 = Linear(1)           f32[5, 1]  weight f32[1, 4]; bias f32[1]
power = power(2, x2=2.0)  f32[5, 1]
loss = mean(power) ←      f32[]"""


def test_a_network() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    drawing = draw(lambda x: {"loss": (model(x) ** 2.0).mean()}, np.ones((5, 3), np.float32))
    assert drawing.text() == str(drawing) == NETWORK


def test_several_of_one_name_are_told_apart() -> None:
    x = tg.tensor(1.0, requires_grad=True, name="x")
    assert [line.split("  ")[0] for line in draw(exp(exp(x)) + exp(x)).text().splitlines()] == [
        "x", "exp#1 = exp(x)", "exp#2 = exp(exp#1)", "exp#3 = exp(x)", "add = add(exp#2, exp#3) ←",
    ]  # fmt: skip


def test_a_leaf_alone() -> None:
    assert draw(tg.tensor(1.0, requires_grad=True, name="x")).text() == "x  (parameter)  f64[]"


def test_a_constant_stands_before_what_uses_it() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True, name="x")
    lines = draw((x + 1) * tg.tensor([3.0, 4.0])).text().splitlines()
    assert [line.split("  ")[0] for line in lines] == [
        "x", "add = add(x, x2=constant)", "constant", "multiply = multiply(add, constant) ←",
    ]  # fmt: skip


def test_what_a_terminal_would_obey_is_shown() -> None:
    text = draw(tg.tensor(1.0, requires_grad=True, name="\x1b[31mred\n")).text()
    assert text == r"\x1b[31mred\n  (parameter)  f64[]"
