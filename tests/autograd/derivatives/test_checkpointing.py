"""checkpoint: the same values and derivatives, less memory, and an error where the second call differs."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd as ag, nn, no_grad, tensor
from tapegrad.autograd import GraphError, checkpoint, grad, hessian, jvp, value_and_grad, vjp, vmap
from tapegrad.autograd.graph import Node, topological_order

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 3))


def f(x: Any) -> Any:
    return np.exp(np.sin(x) * x).sum() ** 2


def held(y: Tensor) -> int:
    """The bytes of all arrays that the graph holds, except what it would compute again."""
    arrays: dict[int, Any] = {}
    for node in topological_order([y.node] if y.node is not None else []):
        if type(node) is Node:
            kept = (*(node.saved or ()), node.output)
            arrays |= {id(a): a for a in kept if isinstance(a, np.ndarray)}
    return sum(a.nbytes for a in arrays.values())


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


def test_derivatives_of_every_order_are_the_same() -> None:
    c = checkpoint(f)
    assert c(tensor(X)).item() == f(tensor(X)).item()
    np.testing.assert_array_equal(grad(c)(X).numpy(), grad(f)(X).numpy())
    np.testing.assert_allclose(hessian(c)(X).numpy(), hessian(f)(X).numpy(), rtol=1e-12)
    np.testing.assert_allclose(jvp(c, (X,), (X,))[1].numpy(), jvp(f, (X,), (X,))[1].numpy())
    third = grad(grad(grad(checkpoint(lambda x: x**5))))
    assert third(2.0).item() == pytest.approx(240)


def test_inner_arrays_are_not_held() -> None:
    def block(x: Any) -> Any:
        for _ in range(10):
            x = np.tanh(x) * x
        return x

    def held_after(step: Any) -> int:
        x = leaf(np.ones(1000))
        y = x
        for _ in range(5):
            y = step(y)
        return held(y)

    assert held_after(block) >= 5 * 10 * 8000
    assert held_after(checkpoint(block)) == 0
    assert held_after(checkpoint(checkpoint(block))) == 0


def test_what_was_computed_again_is_freed_as_the_walk_goes_on() -> None:
    """Of five segments, never more than one is in memory; in it, never more than what the walk has yet to come to."""
    alive: list[int] = []
    seen: list[Any] = []

    @ag.primitive
    def watched(x: Any) -> Any:
        y = np.sin(x)
        seen.append(weakref.ref(y.base if y.base is not None else y))
        return y

    def rule(g: Any, y: Any, x: Any) -> Any:
        gc.collect()
        alive.append(sum(ref() is not None for ref in seen))
        return g * ag.cos(x) + 0 * y

    watched.defvjp(rule)

    @checkpoint
    def segment(x: Any) -> Any:
        for _ in range(4):
            x = watched(x)
        return x

    x = leaf(np.ones(3))
    y = x
    for _ in range(5):
        y = segment(y)
    y.sum().backward()
    assert len(alive) == 20
    # four results of the segment, and those of the five that are arguments and the last result
    assert max(alive) <= 4 + 5
    assert alive[0] > alive[1] > alive[2] > alive[3]
    assert alive[-1] < alive[3]


def test_closures_and_modules_get_their_gradients() -> None:
    nn.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 3))
    x = X.astype(np.float32)

    def gradients(block: Any) -> list[Any]:
        net.zero_grad()
        (block(block(tensor(x))) ** 2).sum().backward()
        return [p.grad.numpy() for p in net.parameters() if p.grad is not None]

    plain = gradients(net)
    assert len(plain) == 4
    for got, expected in zip(gradients(checkpoint(net)), plain, strict=True):
        np.testing.assert_array_equal(got, expected)


def test_a_closure_over_a_result_counts_once() -> None:
    w = leaf(3.0)
    h = w * 2
    checkpoint(lambda x: x * h * w)(h).backward()  # 4 w³
    assert w.grad is not None
    assert w.grad.item() == pytest.approx(108)


def test_trees_keywords_and_several_results() -> None:
    @checkpoint
    def g(p: Any, *, scale: Any) -> Any:
        return {"a": np.exp(p["x"]) * scale, "b": [np.sin(p["x"]), 5, None], "n": np.argmax(p["x"])}

    p = {"x": leaf(X[0])}
    scale = leaf(2.0)
    y = g(p, scale=scale)
    assert y["b"][1:] == [5, None]
    assert y["n"].item() == X[0].argmax()
    (y["a"] * y["b"][0]).sum().backward()
    x = X[0]
    assert p["x"].grad is not None
    assert scale.grad is not None
    np.testing.assert_allclose(p["x"].grad.numpy(), 2 * np.exp(x) * (np.sin(x) + np.cos(x)))
    np.testing.assert_allclose(scale.grad.numpy(), (np.exp(x) * np.sin(x)).sum())


def test_a_graph_may_be_walked_again() -> None:
    _, pull = vjp(checkpoint(f), X)
    np.testing.assert_array_equal(pull(1.0)[0].numpy(), pull(1.0)[0].numpy())
    x = leaf(X)
    y = checkpoint(f)(x)
    y.backward()
    with pytest.raises(GraphError, match="the graph was freed by an earlier backward"):
        y.backward()


def test_the_function_runs_again_once_for_each_walk() -> None:
    calls = []

    @checkpoint
    def g(x: Any) -> Any:
        calls.append(1)
        return np.exp(np.sin(x)), np.cos(x) * x

    a, b = g(leaf(X))
    assert len(calls) == 1
    (a * b).sum().backward()
    assert len(calls) == 2
    with no_grad():
        assert not g(leaf(X))[0].requires_grad
    assert len(calls) == 3


def test_a_segment_in_a_segment_is_forgotten_too() -> None:
    calls = []

    def inner(x: Any) -> Any:
        calls.append("inner")
        return np.exp(np.sin(x))

    def outer(x: Any) -> Any:
        calls.append("outer")
        return checkpoint(inner)(checkpoint(inner)(x)).sum()

    x = leaf(X)
    y = checkpoint(outer)(x)
    assert calls == ["outer", "inner", "inner"]
    assert held(y) == 0
    calls.clear()
    y.backward()
    assert calls == ["outer", "inner", "inner", "inner", "inner"]
    assert x.grad is not None
    np.testing.assert_array_equal(x.grad.numpy(), grad(lambda x: inner(inner(x)).sum())(X).numpy())


def test_arguments_are_held_as_they_were() -> None:
    array, x = X.copy(), leaf(X)
    y = checkpoint(lambda a, x: (np.sin(x) * a).sum())(array, x)
    array[...] = 0
    x.data *= 0
    y.backward()
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), np.cos(X) * X)


def test_dropout_drops_the_same_again() -> None:
    drop = nn.Dropout(0.5)

    def block(x: Any) -> Any:
        return drop(np.exp(drop(np.sin(x)))).sum()

    results = []
    for step in (block, checkpoint(block)):
        nn.manual_seed(1)
        value, g = value_and_grad(step)(X)
        after = nn.random.generator().random()
        results.append((value.item(), g.numpy().tolist(), after))
    assert results[0] == results[1]


def test_other_randomness_is_noticed() -> None:
    rng = np.random.default_rng(0)
    for draw in (lambda: rng.normal(size=X.shape), lambda: rng.permutation(X.ravel()).reshape(X.shape)):
        with pytest.raises(GraphError, match=r"checkpoint: '<lambda>' did not do the same again.*pass random numbers"):
            grad(checkpoint(lambda x: (np.exp(x) * draw()).sum()))(X)  # noqa: B023
    turns = iter((np.exp, np.sin))
    with pytest.raises(GraphError, match="did not do the same again"):
        grad(checkpoint(lambda x: next(turns)(x * 0).sum() * 0))(X)


def test_a_changed_closure_is_noticed() -> None:
    w = leaf(X)
    y = checkpoint(lambda x: (np.sin(x * w)).sum())(leaf(X))
    w.data *= 1.001
    with pytest.raises(GraphError, match="did not do the same again"):
        y.backward()
    w = leaf(X)
    y = checkpoint(lambda x: (np.sin(x * w)).sum())(leaf(X))
    w.requires_grad = False
    with pytest.raises(GraphError, match="did not do the same again"):
        y.backward()


def test_inside_and_around_vmap() -> None:
    c = checkpoint(lambda x: np.exp(np.sin(x)).sum())
    expected = np.cos(X) * np.exp(np.sin(X))
    np.testing.assert_allclose(vmap(grad(c))(X).numpy(), expected)
    np.testing.assert_allclose(grad(lambda x: vmap(c)(x).sum())(X).numpy(), expected)
    np.testing.assert_allclose(grad(lambda x: checkpoint(vmap(c))(x).sum())(X).numpy(), expected)


def test_kernels_that_fuse_are_run_again() -> None:
    nn.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2))
    x = RNG.normal(size=(2, 1, 8, 8)).astype(np.float32)
    results = []
    for block in (net, checkpoint(net)):
        net.zero_grad()
        (block(leaf(x)) ** 2).sum().backward()
        results.append([p.grad.numpy() for p in net.parameters() if p.grad is not None])
    for got, expected in zip(*results, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5)


def test_the_name_and_docstring_stay() -> None:
    @checkpoint
    def documented(x: Any) -> Any:
        """Says something."""
        return x

    assert (documented.__name__, documented.__doc__) == ("documented", "Says something.")
