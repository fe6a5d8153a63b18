"""Assignment to any index that NumPy takes, the methods that write, and their gradients of first and second order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad import Tensor, tensor
from tapegrad.autograd import grad
from tapegrad.autograd.testing import check_grads, strategies as draw

from .test_indexing import values

X = np.arange(1.0, 7.0).reshape(3, 2)
INDICES = [
    0,
    (1, 1),
    slice(None, None, -2),
    (..., 0),
    (None, ..., 0),
    (slice(None), None),
    Ellipsis,
    (),
    [0, 0, -3],
    ([0, 0], [1, 1]),
    [[0, 1], [0, 0]],
    ([0, 0], slice(None)),
    (slice(None), [1, 1, 0]),
    ([0, 0], None, [1, 1]),
    [],
    range(2),
    np.array(1),
    np.array([True, False, True]),
    (np.array([True, False, True]), 0),
    (np.array([True, False, True]), [0, 0]),
    np.arange(6).reshape(3, 2) % 2 == 0,
    np.zeros(3, bool),
    True,
    False,
    tensor([2, 2]),
    tensor([True, False, True]),
    slice(tensor(1), None),
]


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


def written(x: Any, index: Any, value: Any) -> Any:
    y = x.copy()
    y[index] = value
    return y


@pytest.mark.parametrize("index", INDICES, ids=str)
@pytest.mark.parametrize("kind", ["number", "part", "row"])
def test_assignment_to_any_index(index: Any, kind: str) -> None:
    plain = tuple(values(part) for part in index) if isinstance(index, tuple) else values(index)
    part = X[plain].shape
    shape = {"number": (), "part": part, "row": part[-1:]}[kind]
    v = np.random.default_rng(0).normal(size=shape)
    expected = written(X, plain, v)
    for x in (leaf(X), tensor(X)):
        for value in (v, leaf(v), *([v.tolist()] if v.size else ())):
            np.testing.assert_array_equal(written(x, index, value).numpy(), expected)
    check_grads(lambda x, value: written(x, index, value), X, v)


@given(st.data())
def test_assignment_to_drawn_indices(data: st.DataObject) -> None:
    x = data.draw(draw.arrays(dtype=draw.dtypes(complex=True)))
    index = data.draw(draw.indices(x.shape))
    v = np.random.default_rng(data.draw(draw.seeds())).normal(size=x[index].shape).astype(x.dtype)
    np.testing.assert_array_equal(written(leaf(x), index, v).numpy(), written(x, index, v))
    check_grads(lambda t, value: written(t, index, value), x, v)


def test_of_values_for_one_element_the_last_stays() -> None:
    v = leaf([1.0, 2.0, 3.0, 4.0])
    y = tensor(np.zeros(3))
    y[[0, 2, 0, 2]] = v
    assert y.numpy().tolist() == [3, 0, 4]
    y.sum().backward()
    assert v.grad is not None
    assert v.grad.numpy().tolist() == [0, 0, 1, 1]


def test_what_is_overwritten_has_no_gradient() -> None:
    """Not even where what would come back is not finite."""
    x = leaf([0.0, 4.0])
    y = np.sqrt(x)
    y[0] = 1.0
    y.sum().backward()
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [0, 0.25]


def test_a_value_of_ones_axes_that_numpy_passes_over() -> None:
    check_grads(lambda x, v: written(x, 0, v), X, np.ones((1, 1, 2)))


def test_a_second_derivative_through_a_write() -> None:
    def f(x: Tensor) -> Tensor:
        y = tensor(np.zeros(2))
        y[0] = x**3
        y[1] = y[0] * x
        return y.sum()  # x³ + x⁴

    assert grad(grad(f))(2.0).item() == pytest.approx(6 * 2 + 12 * 4)


def test_an_index_that_the_caller_changes_later() -> None:
    v, index, mask = leaf([1.0, 2.0]), np.array([0, 1]), np.array([True, False, True])
    y = tensor(np.zeros(3))
    y[index] = v
    y[mask] = v * 10
    index[:] = 2
    mask[:] = False
    y.sum().backward()
    assert v.grad is not None
    assert v.grad.numpy().tolist() == [10, 11]


def test_augmented_assignment_to_a_part() -> None:
    def f(x: Any, v: Any) -> Any:
        y = x * x
        y[0] *= v
        y[[0, 0, 2]] += v
        y[:, 1][1:] -= v[0]
        y[y.numpy() > 1e9] *= 2
        y[1, 0] /= v[1]
        return y

    a, v = X * X, np.array([1.5, -2.0])
    a[0] *= v
    a[[0, 0, 2]] += v
    a[:, 1][1:] -= v[0]
    a[1, 0] /= v[1]
    np.testing.assert_allclose(f(leaf(X), v).numpy(), a)
    check_grads(f, X, v)


def test_augmented_assignment_to_a_view_is_one_write() -> None:
    y = leaf(X) * 1
    y[1:] += 1.0
    node: Any = y.node
    assert [node.primitive.name, node.inputs[0].primitive.name] == ["written", "multiply"]


@pytest.mark.parametrize(
    "write",
    [
        lambda x: x.fill(2.5),
        lambda x: x.sort(),
        lambda x: x.sort(0),
        lambda x: x.partition(1, axis=0),
        lambda x: x.put([0, -1, 7], [1.5, 2.5], "wrap"),
        lambda x: x.T.fill(2),
        lambda x: x[1:].sort(axis=0),
    ],
)
def test_methods_that_write(write: Any) -> None:
    def f(x: Any) -> Any:
        y = x * x
        assert write(y) is None
        return y

    x = np.array([[3.0, -1.5], [0.5, 2.0], [1.0, 4.0]])
    np.testing.assert_array_equal(f(leaf(x)).numpy(), f(x))
    check_grads(f, x)
