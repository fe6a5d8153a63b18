"""Hooks and retain_grad: seeing gradients on their way, and replacing them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, tensor
from tapegrad.autograd import GraphError, ShapeError, pullback


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


def grad_of(x: Tensor) -> Any:
    assert x.grad is not None
    return x.grad.numpy().tolist()


def test_a_hook_sees_the_whole_gradient_once_for_each_walk() -> None:
    x = leaf([1.0, 2.0])
    seen: list[Any] = []
    y = x * 2
    y.register_hook(lambda g: seen.append(g.numpy().tolist()))
    x.register_hook(lambda g: seen.append(g.numpy().tolist()))
    (y * 3 + y).sum().backward()
    assert seen == [[4, 4], [8, 8]]
    (x * 5).sum().backward()
    assert seen == [[4, 4], [8, 8], [5, 5]]


def test_a_hook_may_replace_the_gradient_of_a_result_and_of_a_leaf() -> None:
    x = leaf([1.0, 2.0])
    y = x * 2
    y.register_hook(lambda g: g * 10)
    x.register_hook(lambda g: g + 1)
    y.sum().backward()
    assert grad_of(x) == [21, 21]


def test_hooks_run_in_order_each_on_what_the_last_one_made() -> None:
    x = leaf(1.0)
    x.register_hook(lambda g: g + 1)
    x.register_hook(lambda g: g * 10)
    (x * 2).backward()
    assert grad_of(x) == 30


def test_a_hook_can_be_taken_away_also_twice_also_by_itself() -> None:
    x = leaf(1.0)
    calls: list[str] = []
    first = x.register_hook(lambda g: calls.append("first"))

    def once(g: Tensor) -> None:
        calls.append("second")
        second.remove()

    second = x.register_hook(once)
    x.register_hook(lambda g: calls.append("third"))
    (x * 2).backward()
    first.remove()
    first.remove()
    (x * 2).backward()
    assert calls == ["first", "second", "third", "third"]


def test_pullback_calls_hooks_too() -> None:
    x = leaf(1.0)
    y = x * 2
    y.register_hook(lambda g: g * 10)
    gy, gx = pullback([y * 3], [y, x])
    assert (gy.item(), gx.item()) == (30, 60)


def test_a_hook_sees_a_complex_gradient_as_a_user_does() -> None:
    z = leaf(1 + 2j)
    w = z * 1
    seen: list[complex] = []

    def hook(g: Tensor) -> Tensor:
        seen.append(g.item())
        return g * 1j

    w.register_hook(hook)
    (abs(w) ** 2).backward()
    assert seen == [pytest.approx(2 + 4j)]
    assert grad_of(z) == pytest.approx((2 + 4j) * 1j)


def test_a_recorded_walk_gives_hooks_what_can_be_differentiated() -> None:
    x = leaf(2.0)
    x.register_hook(lambda g: g * g)
    (g,) = pullback([x**2], [x], create_graph=True)
    assert g.item() == 16
    x.register_hook(lambda g: g * 1)
    assert pullback([g], [x])[0].item() == (8 * 2) ** 2


@pytest.mark.parametrize("wrong", [1.0, np.ones(2), tensor([1.0]), tensor([1, 2]), tensor([1.0, 2.0], dtype="float32")])
def test_a_hook_that_returns_something_else(wrong: Any) -> None:
    x = leaf([1.0, 2.0])
    x.register_hook(lambda g: wrong)
    with pytest.raises(ShapeError, match=r"a hook of <Leaf .*> returned .*; expected None, or a Tensor of its shape"):
        (x * 2).sum().backward()
    assert x.grad is None


def test_what_a_hook_is_given_is_its_own() -> None:
    x = leaf([1.0, 2.0])
    y = x * 2

    def scribble(g: Tensor) -> None:
        g.data[:] = 100

    y.register_hook(scribble)
    x.register_hook(scribble)
    y.sum().backward()
    assert grad_of(x) == [2, 2]


def test_an_error_in_a_hook_leaves_gradients_as_they_were() -> None:
    x, w = leaf(1.0), leaf(1.0)

    def fail(g: Tensor) -> None:
        raise RuntimeError("stop here")

    x.register_hook(fail)
    with pytest.raises(RuntimeError, match="stop here"):
        (x * w).backward()
    assert x.grad is None
    assert w.grad is None


def test_untracked_tensors_have_no_hooks() -> None:
    with pytest.raises(GraphError, match="register_hook: this tensor is not tracked"):
        tensor(1.0).register_hook(lambda g: None)
    with pytest.raises(GraphError, match="retain_grad: this tensor is not tracked"):
        tensor(1.0).retain_grad()


def test_retain_grad_keeps_the_gradient_of_a_result() -> None:
    x = leaf([1.0, 2.0])
    y = x * 2
    y.retain_grad()
    y.retain_grad()
    assert y.grad is None
    (y * y).sum().backward()
    assert grad_of(y) == [4, 8]
    assert grad_of(x) == [8, 16]
    y.grad = None
    x.retain_grad()  # leaves do anyway
