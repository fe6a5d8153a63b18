"""Observers: what they are told, in which order, and that nobody else notices."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence
from threading import Thread
from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import exp, grad, multiply
from tapegrad.autograd.graph import Edge, Leaf, Node
from tapegrad.autograd.mode import current_mode
from tapegrad.autograd.observing import Observer, observing, timed


class Diary(Observer):
    """Everything, in words; no nodes and no tensors."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.seconds: list[float | None] = []

    def operation(
        self, primitive: Any, args: Sequence[Any], params: dict[str, Any], result: tg.Tensor, seconds: float | None
    ) -> None:
        self.lines.append(f"{primitive.name} {len(args)} -> {result.shape}{'' if result.node else ' untracked'}")
        self.seconds.append(seconds)

    def computed(self, node: Node | None, array: Any, seconds: float) -> None:
        self.lines.append(f"computed {'-'.join(getattr(node, 'kernel', ('alone',)))} {array.shape}")

    def arrived(self, node: Edge, g: Any) -> None:
        what = "leaf" if isinstance(node, Leaf) else node.primitive.name
        self.lines.append(f"arrived {what} {np.sum(g):g}")

    def pulled(self, node: Node, argument: int, g: Any, seconds: float) -> None:
        self.lines.append(f"pulled {node.primitive.name} {argument} {np.sum(g):g}")


def test_forward_and_backward() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    diary = Diary()
    with observing(diary):
        loss = multiply(x, x).sum()
        loss.backward()
    loss = exp(x)  # nobody watches any more
    assert diary.lines == [
        "multiply 2 -> (2,)", "sum 1 -> ()",
        "arrived sum 1", "pulled sum 0 2", "arrived multiply 2", "pulled multiply 0 3", "pulled multiply 1 3",
        "arrived leaf 6",
    ]  # fmt: skip
    assert all(seconds is not None and seconds > 0 for seconds in diary.seconds)


def test_operations_that_are_not_recorded_are_told_of() -> None:
    diary = Diary()
    with observing(diary):
        exp(tg.tensor([1.0]))
        with tg.no_grad():
            exp(tg.tensor([1.0], requires_grad=True)) * 2
    assert diary.lines == ["exp 1 -> (1,) untracked"] * 2 + ["multiply 2 -> (1,) untracked"]


def test_watching_leaves_fusion_as_it_is() -> None:
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2))
    images = tg.tensor(np.ones((2, 1, 28, 28), np.float32))
    expected = model(images).numpy()
    diary = Diary()
    with observing(diary):
        found = model(images).numpy()
    np.testing.assert_array_equal(found, expected)
    assert diary.lines[-1] == "computed convolution-relu-max_pool2d (2, 4, 13, 13)"
    assert diary.seconds == [None, None, None]


def test_pooling_alone_is_timed() -> None:
    diary = Diary()
    with observing(diary):
        nn.MaxPool2d(2)(tg.tensor(np.ones((1, 1, 4, 4)), requires_grad=True))
    assert diary.lines == ["max_pool2d 2 -> (1, 1, 2, 2)"]
    assert diary.seconds[0] is not None


def test_modules_are_known_while_watching() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    with observing(Diary()):
        y = model(tg.tensor(np.ones((1, 2), np.float32)))
    assert isinstance(y.node, Node)
    mode = y.node.mode
    assert mode.parent is not None
    assert (mode.module, mode.parent.module) == (model[1], model)


def test_observers_nest_and_the_outer_one_comes_first() -> None:
    seen: list[str] = []

    class Named(Observer):
        def __init__(self, name: str) -> None:
            self.name = name

        def operation(self, *_: Any) -> None:
            seen.append(self.name)

    with observing(Named("outer")):
        with observing(Named("inner")):
            exp(tg.tensor(1.0))
        exp(tg.tensor(1.0))
    assert seen == ["outer", "inner", "outer"]


def test_what_an_observer_raises_reaches_the_user_and_changes_nothing() -> None:
    class Stop(Observer):
        def pulled(self, node: Node, argument: int, g: Any, seconds: float) -> None:
            raise ArithmeticError("stop here")

    x = tg.tensor([1.0, 2.0], requires_grad=True)
    loss = exp(x).sum()
    with observing(Stop()), pytest.raises(ArithmeticError, match="stop here") as caught:
        loss.backward()
    assert caught.value.__notes__[0].startswith("in the derivative of sum, called at test_observing.py")
    assert x.grad is None
    assert current_mode().observers is None
    loss.backward()
    np.testing.assert_array_equal(x.grad, np.exp([1.0, 2.0]))


def test_another_thread_is_not_watched() -> None:
    diary = Diary()
    with observing(diary):
        thread = Thread(target=lambda: exp(tg.tensor(1.0)))
        thread.start()
        thread.join()
    assert diary.lines == []


def test_second_derivatives_are_the_same_under_observation() -> None:
    x = tg.tensor([0.3, 0.7], requires_grad=True)
    second = grad(lambda x: grad(lambda x: (np.tanh(x) * x).sum())(x).sum())
    with observing(Diary()):
        found = second(x)
    np.testing.assert_array_equal(found.numpy(), second(x).numpy())


def test_time_spent_inside_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 4.0, 10.0])
    monkeypatch.setattr("tapegrad.autograd.observing.perf_counter", clock.__next__)
    (inner, inside), outside = timed(lambda: timed(lambda: "result"))
    assert (inner, inside, outside) == ("result", 3.0, 7.0)


def test_a_graph_is_freed_without_the_collector() -> None:
    gc.disable()
    try:
        with observing(Diary()):
            y = exp(tg.tensor(1.0, requires_grad=True))
        node = weakref.ref(y.node)
        del y
        assert node() is None
    finally:
        gc.enable()
