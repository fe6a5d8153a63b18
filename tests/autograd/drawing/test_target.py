"""What cannot be drawn, and what is said then."""

from __future__ import annotations

from typing import Any

import pytest

import tapegrad as tg
from tapegrad.autograd import GraphError
from tapegrad.autograd.drawing import draw

x = tg.tensor([1.0, 2.0], requires_grad=True)
constant = tg.tensor([1.0, 2.0])


def test_a_tensor_without_a_graph() -> None:
    with pytest.raises(GraphError, match=r"draw: the target has no graph: no input has requires_grad=True"):
        draw(constant)
    with tg.no_grad(), pytest.raises(GraphError, match=r"no_grad"):
        draw(x * 2)


@pytest.mark.parametrize(("target", "which"), [([x, constant], r"target\[1\]"), ({"y": constant}, r"target\['y'\]")])
def test_which_tensor_has_no_graph(target: Any, which: str) -> None:
    with pytest.raises(GraphError, match=which):
        draw(target)


@pytest.mark.parametrize("target", [[], (), {}])
def test_nothing_to_draw(target: Any) -> None:
    with pytest.raises(GraphError, match="no tensor in the target"):
        draw(target)


@pytest.mark.parametrize("target", [1.0, None, "loss", [x, 2.0], {"a": [x]}, constant.numpy()])
def test_other_targets(target: Any) -> None:
    with pytest.raises(
        TypeError, match=r"expected a tensor, a list, tuple or dict of tensors, or a function or module; .* is "
    ):
        draw(target)


@pytest.mark.parametrize("names", [{1: x}, ["x"], "x"])
def test_other_names(names: Any) -> None:
    with pytest.raises(TypeError, match="names must be a dict of tensors by their names"):
        draw(x * 2, names=names)


def test_other_directions() -> None:
    with pytest.raises(ValueError, match="direction must be one of LR, TB, RL, BT, got 'down'"):
        draw(x * 2, direction="down")  # type: ignore[arg-type]


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
def test_directions(direction: Any) -> None:
    assert f"rankdir={direction} " in draw(x * 2, direction=direction).source


def test_names_that_are_no_tensors_of_the_graph_are_passed_over() -> None:
    names = {"n": 3, "array": constant.numpy(), "other": tg.tensor(1.0, requires_grad=True), "constant": constant}
    assert draw(x * 2, names=names).source == draw(x * 2).source
