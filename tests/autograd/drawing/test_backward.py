"""The backward graph: the order of the walk, the rules that run, and their source."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import exp, multiply, tanh
from tapegrad.autograd.drawing import draw
from tapegrad.autograd.drawing.rules import rule_text
from tapegrad.autograd.graph import Edge
from tapegrad.autograd.observing import Observer, observing

from .parts import arrows, rows, titles


def test_visits_in_order_with_their_rules() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    loss = (exp(x) * x).sum()
    drawing = draw(loss, names={"x": x, "loss": loss}, backward=True)
    assert titles(drawing) == ["1  ∂ loss = sum", "2  ∂ multiply", "3  ∂ exp", "4  ∂ x"]
    boxes = {box[0]: box[2:] for box in rows(drawing)}
    assert boxes["2  ∂ multiply"] == ["x1: g * x2", "x2: g * x1"]
    assert boxes["3  ∂ exp"] == ["x: g * y"]
    assert set(arrows(drawing)) == {
        ("1  ∂ loss = sum", "2  ∂ multiply"),
        ("2  ∂ multiply", "3  ∂ exp"),
        ("2  ∂ multiply", "4  ∂ x"),
        ("3  ∂ exp", "4  ∂ x"),
    }


def test_the_order_is_that_of_the_walk() -> None:
    visited = []

    class Diary(Observer):
        def arrived(self, node: Edge, g: object) -> None:
            visited.append(getattr(getattr(node, "primitive", None), "name", "leaf"))

    x = tg.tensor(np.ones((2, 2)), requires_grad=True)
    y = (exp(x) @ tanh(x) + x).sum()
    drawing = draw(y, backward=True)
    with observing(Diary()):
        y.backward()
    assert [title.partition("∂ ")[2] for title in titles(drawing)] == [
        "tensor" if name == "leaf" else name for name in visited
    ]


def test_constants_have_no_gradient() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    drawing = draw((x * tg.tensor([3.0, 4.0])).sum(), backward=True)
    assert titles(drawing) == ["1  ∂ sum", "2  ∂ multiply", "3  ∂ tensor"]
    assert rows(drawing)[1][2:] == ["x1: g * x2"]


def test_modules_stay_around_their_operations() -> None:
    model = nn.Sequential(nn.Linear(3, 2), nn.Tanh())
    drawing = draw(model, np.ones((1, 3), np.float32), backward=True)
    assert [title.partition("∂ ")[2] for title in titles(drawing)] == ["1: Tanh", "0: Linear", "x"]
    assert "Sequential" in drawing.source
    assert drawing.text().splitlines()[0] == "┌ Sequential"


def test_the_text_has_the_rules_below_each_visit() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True, name="x")
    assert [line.split("  f64")[0].rstrip() for line in draw(exp(x) * 2, backward=True).text().splitlines()] == [
        "1  ∂ multiply",
        "    x1: g * x2",
        "2  ∂ exp",
        "    x: g * y",
        "3  ∂ x",
    ]


def named(g: object, y: object) -> object:
    return g


sourceless = lambda g: g  # noqa: E731
sourceless.__code__ = sourceless.__code__.replace(co_filename="<nowhere>")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (exp.primitive.rules[0], "g * y"),
        (multiply.primitive.rules[1], "g * x1"),
        (lambda g, y: (g + y) * 2, "(g + y) * 2"),
        (
            lambda g, y: [
                g,
                "ä",
                y,
            ],
            '[g, "ä", y]',
        ),
        (named, "named(…)"),
        (partial(named, 1), "named(…)"),
        (len, "len"),
        (sourceless, "…"),
    ],
)
def test_the_source_of_rules(rule: object, text: str) -> None:
    assert rule_text(rule) == text  # type: ignore[arg-type]


def test_a_long_rule_is_cut() -> None:
    rule = lambda g: (g, "................................................................................", "........................................................................................................")  # noqa: E501, E731  # fmt: skip
    assert len(rule_text(rule)) == 160
    assert rule_text(rule).endswith("…")
