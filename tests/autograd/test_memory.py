"""What a graph keeps alive, for how long, and that reference counting alone lets go of it."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import grad, pullback


@pytest.fixture(autouse=True)
def without_garbage_collector() -> Iterator[None]:
    """Whatever goes away in these tests does so because nothing refers to it."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def leaf(shape: Any, value: float = 0.5) -> Tensor:
    return tensor(np.full(shape, value), requires_grad=True)


def nodes_of(y: Tensor) -> list[Any]:
    assert y.node is not None
    return autograd.graph.topological_order([y.node])


def kept_alive(f: Callable[..., Any], count: int = 1) -> list[bool]:
    """Whether the arrays of f's inputs, results of something themselves, and of its output survive their tensors."""
    xs = [leaf((3, 3)) * 1 for _ in range(count)]
    y = f(*xs)
    arrays = [weakref.ref(t._frozen()) for t in [*xs, y]]
    node = y.node
    xs.clear()
    del y
    alive = [array() is not None for array in arrays]
    assert node is not None
    return alive


@pytest.mark.parametrize(
    ("f", "count", "expected"),
    [
        (autograd.relu, 1, [False, True]),
        (np.exp, 1, [False, True]),
        (np.tanh, 1, [False, True]),
        (autograd.sigmoid, 1, [False, True]),
        (np.sqrt, 1, [False, True]),
        (autograd.softmax, 1, [False, True]),
        (np.sin, 1, [True, False]),
        (np.log, 1, [True, False]),
        (np.square, 1, [True, False]),
        (np.abs, 1, [True, False]),
        (np.negative, 1, [False, False]),
        (np.floor, 1, [False, False]),
        (np.sum, 1, [False, False]),
        (np.mean, 1, [False, False]),
        (np.cumsum, 1, [False, False]),
        (lambda x: x[1:] * 1, 1, [False, False]),
        (lambda x: np.pad(x, 1), 1, [False, False]),
        (lambda x: x.astype(np.float32), 1, [False, False]),
        (lambda x: np.broadcast_to(x, (2, 3, 3)) + 0, 1, [False, False]),
        (lambda x: x + 1, 1, [False, False]),
        (lambda x: x * 2, 1, [False, False]),
        (lambda x: x / 2, 1, [False, False]),
        (lambda x: 2 / x, 1, [True, False]),
        (np.add, 2, [False, False, False]),
        (np.subtract, 2, [False, False, False]),
        (np.multiply, 2, [True, True, False]),
        (np.matmul, 2, [True, True, False]),
        (lambda x, y: np.concatenate([x, y]), 2, [False, False, False]),
        (lambda x, y: x * y.detach(), 2, [False, True, False]),
        (lambda x, y: x.detach() @ y, 2, [True, False, False]),
    ],
)
def test_only_what_a_rule_names_is_kept(f: Callable[..., Any], count: int, expected: list[bool]) -> None:
    assert kept_alive(f, count) == expected


def test_a_graph_goes_with_its_output() -> None:
    x = leaf(10)
    y = np.tanh(np.exp(x) @ leaf((10, 10))).sum()
    nodes = [weakref.ref(node) for node in nodes_of(y) if node is not x.node]
    assert len(nodes) >= 4
    del y
    assert [node() for node in nodes] == [None] * len(nodes)


def test_a_walk_lets_go_of_what_it_has_used_while_the_output_lives() -> None:
    x = leaf(10)
    middle = autograd.exp(x)
    array = weakref.ref(middle._frozen())
    y = np.sin(middle).sum()
    del middle
    assert array() is not None
    y.backward()
    assert array() is None


def retain(x: Tensor) -> Any:
    y = x * 2
    y.retain_grad()
    y.sum().backward()
    return y


def hook(x: Tensor) -> Any:
    y = x * 2
    y.register_hook(lambda g: g * 2)
    y.sum().backward()
    return y


def twice(x: Tensor) -> Any:
    (g,) = pullback([(x**3).sum()], [x], create_graph=True)
    return pullback([g.sum()], [x])[0] + g


def failed(x: Tensor) -> Any:
    y = x * 2
    with pytest.raises(autograd.ShapeError):
        y.backward(np.ones(77))
    return y


@pytest.mark.parametrize(
    "use",
    [
        retain,
        hook,
        twice,
        failed,
        lambda x: (x * x).sum().backward(retain_graph=True),
        lambda x: grad(lambda t: (t**3).sum())(x),
        lambda x: grad(lambda t: grad(lambda u: (u**3).sum())(t).sum())(x.numpy()),
        lambda x: autograd.vjp(np.exp, x)[1](np.ones(10)),
        lambda x: np.einsum("i,i->", x, x),
        lambda x: np.split(x * 1, 2),
    ],
)
def test_nothing_is_left_in_a_cycle(use: Callable[[Tensor], Any]) -> None:
    """After everything about a graph went out of scope, its nodes are gone, with no help of the collector."""
    before = nodes()
    x = leaf(10)
    use(x)
    x.grad = None
    assert nodes() <= before


def nodes() -> set[Any]:
    """Those that anybody in this process holds; an earlier test that failed may hold some."""
    return {thing for thing in gc.get_objects() if type(thing).__name__ == "Node"}


def test_ten_thousand_training_steps_leave_nothing() -> None:
    """Traced memory grows by less than 1 MB."""
    rng = np.random.default_rng(0)
    x, target = rng.normal(size=(32, 8)), rng.normal(size=(32, 1))
    weights = [tensor(rng.normal(size=shape) / 3, requires_grad=True) for shape in ((8, 16), (16,), (16, 1), (1,))]

    def step() -> float:
        w, b, v, c = weights
        loss = ((np.tanh(x @ w + b) @ v + c - target) ** 2).mean()
        loss.backward()
        for weight in weights:
            assert weight.grad is not None
            weight.data -= 0.05 * weight.grad.numpy()
            weight.grad = None
        return float(loss.item())

    first = step()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(10_000):
            last = step()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert last < first / 3
    assert grown < 1_000_000
