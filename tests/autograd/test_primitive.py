"""Operations of your own: the decorator that the engine uses, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import (
    MissingRuleError,
    ShapeError,
    elementwise,
    grad,
    nondifferentiable,
    primitive,
    pullback,
)
from tapegrad.autograd.primitive import registry
from tapegrad.autograd.testing import check_grads


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


@pytest.fixture
def swish() -> Any:
    @elementwise
    def swish(x: Any, slope: float = 1.0) -> Any:
        """x / (1 + exp(-slope x))."""
        return x / (1 + np.exp(-slope * x))

    swish.defvjp(lambda g, y, x, slope: g * (y * slope + autograd.sigmoid(x * slope) * (1 - y * slope)))
    return swish


@pytest.fixture
def scale_rows() -> Any:
    @primitive
    def scale_rows(x: Any, factors: Any, power: int = 1) -> Any:
        return x * factors[:, None] ** power

    def by_factors(g: Any, _y: Any, x: Any, factors: Any, power: int) -> Any:
        return autograd.sum(g * x, axis=1) * power * factors ** (power - 1)

    scale_rows.defvjp(lambda g, _y, _x, factors, power: g * factors[:, None] ** power, by_factors)
    return scale_rows


def test_an_operation_on_arrays_is_the_function_and_on_tensors_it_records(swish: Any) -> None:
    x = np.array([1.0, 2.0])
    assert type(swish(x)) is np.ndarray
    y = swish(leaf(x), slope=2.0)
    assert isinstance(y, Tensor)
    assert y.requires_grad
    np.testing.assert_array_equal(y.numpy(), swish(x, slope=2.0))
    assert not swish(tensor(x)).requires_grad


def test_its_derivatives_of_every_order(swish: Any, scale_rows: Any) -> None:
    x = np.array([[0.3, -0.7], [1.2, 0.1]])
    check_grads(lambda t: swish(t, slope=1.5), x, order=3)
    check_grads(lambda t, s: scale_rows(t, s, 2), x, np.array([2.0, 3.0]), order=3)
    assert grad(grad(swish))(0.0).item() == pytest.approx(0.5)


def test_it_keeps_its_name_and_docstring_and_is_registered(swish: Any) -> None:
    assert swish.__name__ == "swish"
    assert swish.__doc__ == "x / (1 + exp(-slope x))."
    assert registry["swish"] is swish
    assert repr(swish.primitive) == "<Primitive swish(x)>"


@pytest.mark.parametrize(
    "call",
    [
        lambda f, x, s: f(x, s),
        lambda f, x, s: f(x, factors=s),
        lambda f, x, s: f(factors=s, x=x),
    ],
)
def test_arrays_by_position_or_name(scale_rows: Any, call: Callable[..., Any]) -> None:
    x, s = leaf([[1.0, 2.0]]), leaf([3.0])
    y = call(scale_rows, x, s)
    gx, gs = pullback([y.sum()], [x, s])
    assert (gx.numpy().tolist(), gs.numpy().tolist()) == ([[3, 3]], [3])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f, x: f(), "misses|missing"),
        (lambda f, x: f(x, 1.0, 2.0), r"swish\(\) takes at most 2 arguments, got 3"),
        (lambda f, x: f(x, 1.0, slope=2.0), r"swish\(\) got two values for 'slope'"),
        (lambda f, x: f(x, x=x), r"swish\(\) got two values for 'x'"),
        (lambda f, x: f(x, steepness=2.0), r"swish\(\) has no parameter 'steepness'; it has slope"),
        (lambda f, x: f(slope=x), r"swish\(\) misses its argument 'x'"),
    ],
)
def test_calls_that_do_not_fit(swish: Any, call: Callable[..., Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(swish, leaf([1.0]))


def test_a_parameter_that_is_tracked_is_refused(swish: Any) -> None:
    with pytest.raises(MissingRuleError, match=r"swish: slope= is tracked, but has no derivative there"):
        swish(leaf([1.0]), slope=leaf(2.0))
    assert swish(leaf([1.0]), slope=tensor(2.0)).numpy() == swish(np.array([1.0]), slope=2.0)


def test_a_missing_rule_says_so_when_it_is_wanted() -> None:
    @primitive
    def nameless(x: Any) -> Any:
        return x * 2

    x = leaf([1.0])
    y = nameless(x)
    assert y.numpy().tolist() == [2]
    with pytest.raises(MissingRuleError, match=r"nameless has no derivative yet; give it one with nameless\.defvjp"):
        y.sum().backward()
    assert x.grad is None


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_wrong_number_of_rules(count: int) -> None:
    @primitive
    def pair(x: Any, y: Any, power: int = 2) -> Any:
        return x + y**power

    with pytest.raises(TypeError, match=rf"defvjp: pair needs 2 rules, one for each of x, y; got {count}"):
        pair.defvjp(*[lambda g, _y, _x1, _x2, power: g] * count)

    @primitive
    def total(*arrays: Any) -> Any:
        return sum(arrays)

    if count != 1:
        with pytest.raises(TypeError, match=rf"defvjp: total needs 1 rules, one for all of \*arrays; got {count}"):
            total.defvjp(*[lambda i, g, _y, *_arrays: g] * count)


def test_any_number_of_arrays() -> None:
    @primitive
    def weighted(*arrays: Any, first: float = 1.0) -> Any:
        return sum((first if i == 0 else 1.0) * x for i, x in enumerate(arrays))

    weighted.defvjp(lambda i, g, _y, *_arrays, first: g * first if i == 0 else g)
    xs = [np.array([1.0, 2.0]) + i for i in range(4)]
    check_grads(lambda *ts: weighted(*ts, first=5.0), *xs)
    check_grads(lambda t: weighted(np.ones(2), t, np.ones(2)), xs[0])


def test_one_rule_for_all_arrays_is_called_once_a_walk() -> None:
    @primitive
    def product(*arrays: Any) -> Any:
        return np.prod(arrays, 0)

    @primitive
    def single(x: Any) -> Any:
        return x

    calls = []

    def rule(g: Any, y: Any, *arrays: Any) -> Any:
        calls.append(g)
        return [g * y / x for x in arrays]

    product.defvjps(rule)
    xs = [np.array([1.0, 2.0]) + i for i in range(3)]
    check_grads(product, *xs)
    check_grads(lambda t: product(xs[0], t), xs[1])

    calls.clear()
    leaves = [leaf(x) for x in xs]
    y = product(*leaves).sum()
    for walk in (1, 2):
        y.backward(retain_graph=True)
        assert len(calls) == walk
    with pytest.raises(TypeError, match="defvjps: single has named arguments"):
        single.defvjps(rule)

    product.defvjp(lambda i, g, y, *arrays: g * y / arrays[i])  # takes its place
    check_grads(product, *xs)
    assert len(calls) == 2


def test_an_argument_without_a_derivative() -> None:
    @primitive
    def pick(x: Any, where: Any) -> Any:
        return x * where

    pick.defvjp(lambda g, _y, _x, where: g * where, None)
    x, mask = leaf([1.0, 2.0]), leaf([1.0, 0.0])
    gx, gmask = pullback([pick(x, mask).sum()], [x, mask])
    assert (gx.numpy().tolist(), gmask.numpy().tolist()) == ([1, 0], [0, 0])


def test_elementwise_undoes_broadcasting_and_primitive_insists_on_shapes() -> None:
    def times(x: Any, y: Any) -> Any:
        return x * y

    lax, strict = elementwise(times), primitive(times)
    for operation in (lax, strict):
        operation.defvjp(lambda g, _y, _x1, x2: g * x2, lambda g, _y, x1, _x2: g * x1)
    x, y = np.ones((2, 3)), np.ones(3)
    check_grads(lax, x, y)
    with pytest.raises(ShapeError, match=r"of times gave a gradient of shape \(2, 3\) to an input of shape \(3,\)"):
        check_grads(strict, x, y)


def test_a_rule_is_given_the_shape_and_dtype_of_what_it_does_not_name() -> None:
    seen: list[Any] = []

    @primitive
    def watch(x: Any, y: Any, scale: float = 3.0) -> Any:
        return x * y * scale

    def by_x(g: Any, _out: Any, _x: Any, _y: Any, scale: float) -> Any:
        seen.append((_x.shape, _x.dtype, _out.shape, _out.dtype, scale))
        return g * 0

    watch.defvjp(by_x, lambda g, _out, _x, _y, scale: g * 0)
    watch(leaf(np.ones(3, np.float32)), leaf(np.ones(3))).sum().backward()
    assert seen == [((3,), np.dtype("f4"), (3,), np.dtype("f8"), 3.0)]


def test_a_rule_of_another_dtype_is_converted() -> None:
    @primitive
    def double(x: Any) -> Any:
        return x * 2

    double.defvjp(lambda g, _y, _x: g * np.complex128(2))
    x = leaf(np.ones(3, np.float32))
    double(x).sum().backward()
    assert x.grad is not None
    assert x.grad.dtype == np.float32
    assert x.grad.numpy().tolist() == [2, 2, 2]


def test_a_constant_operation_of_your_own() -> None:
    @nondifferentiable
    def rank(x: Any, descending: bool = False) -> Any:
        return np.argsort(np.argsort(-x if descending else x))

    x = leaf([3.0, 1.0, 2.0])
    y = rank(x, descending=True)
    assert isinstance(y, Tensor)
    assert not y.requires_grad
    assert y.numpy().tolist() == [0, 2, 1]
    assert rank(np.array([3.0, 1.0])).tolist() == [1, 0]
    assert (x * rank(x)).requires_grad
