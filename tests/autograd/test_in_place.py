"""t[i] = v and t += v: the tensor changes, what the graph has saved does not, and leaves are left alone."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, no_grad, tensor
from tapegrad.autograd import GraphError, pullback
from tapegrad.autograd.testing import check_grads

OPERATORS = [
    (operator.iadd, operator.add),
    (operator.isub, operator.sub),
    (operator.imul, operator.mul),
    (operator.itruediv, operator.truediv),
    (operator.ifloordiv, operator.floordiv),
    (operator.imod, operator.mod),
    (operator.ipow, operator.pow),
    (operator.imatmul, operator.matmul),
]
every_operator = pytest.mark.parametrize(("in_place", "plain"), OPERATORS)
X = np.array([[1.6, 2.1], [3.3, 0.7]])
V = np.array([[2.3, 1.1], [0.6, 3.1]])


def leaf(x: Any, **options: Any) -> Tensor:
    return tensor(x, requires_grad=True, **options)


def gradient(y: Tensor, x: Tensor) -> Any:
    return pullback([y], [x], retain_graph=True)[0].numpy().tolist()


# Who may be written to


@every_operator
@pytest.mark.parametrize("under", [None, lambda w: w.T], ids=["leaf", "view"])
def test_a_leaf_is_updated_under_no_grad(in_place: Any, plain: Any, under: Any) -> None:
    w = leaf(X)
    with no_grad():
        same = in_place(target := under(w) if under else w, V)
    assert same is target
    assert w.requires_grad
    assert w.is_leaf
    np.testing.assert_array_equal(w.numpy(), plain(X.T, V).T if under else plain(X, V))


@every_operator
def test_a_leaf_that_records_is_refused(in_place: Any, plain: Any) -> None:
    w = leaf(X)
    with pytest.raises(GraphError, match=r"tensor \(2, 2\) is a leaf that requires a gradient.*no_grad"):
        in_place(w, V)
    with pytest.raises(GraphError, match=r"tensor \(2, 2\) is a view of a leaf that requires a gradient.*no_grad"):
        in_place(w.T, V)
    np.testing.assert_array_equal(w.numpy(), X)


def test_assigning_to_a_leaf_that_records_is_refused() -> None:
    w = leaf(X, name="w")
    for target in (w, w[0]):
        with pytest.raises(GraphError, match=r"setitem: .* leaf that requires a gradient"):
            target[0] = 1.0
    with no_grad():
        w[...] = 0
        w[0, 1] = leaf(5.0)
    assert w.numpy().tolist() == [[0, 5], [0, 0]]
    assert w.is_leaf


@every_operator
def test_a_result_stays_the_tensor_that_it_is(in_place: Any, plain: Any) -> None:
    w = leaf(X)
    y = alias = w * 1.0
    seen = y[0]
    y = in_place(y, V)
    assert y is alias
    assert y.requires_grad
    np.testing.assert_array_equal(alias.numpy(), plain(X, V))
    np.testing.assert_array_equal(seen.numpy(), plain(X, V)[0])


@every_operator
def test_gradients_of_augmented_assignments(in_place: Any, plain: Any) -> None:
    def f(x: Any, v: Any) -> Any:
        y = x * x
        before = y * y
        in_place(y, v)
        if in_place is not operator.imatmul:
            in_place(y[:, 1], 1.7)
        return y * before

    check_grads(f, X, V)


def test_booleans_and_integers_too() -> None:
    mask = seen = tensor([True, False])
    mask &= tensor([False, True])
    mask |= np.array([False, True])
    mask ^= True
    assert seen.numpy().tolist() == [True, False]


def test_a_write_under_no_grad_changes_values_alone() -> None:
    x = leaf([1.0, 2.0])
    y = x * x
    with no_grad():
        y[0] = 50.0
        y += x
    assert y.numpy().tolist() == [51, 6]
    assert gradient(y.sum(), x) == [2, 4]


# What does not change


@pytest.mark.parametrize("write", [lambda y: y.__setitem__(0, 50.0), lambda y: y.__imul__(9.0), lambda y: y.T.fill(2)])
@pytest.mark.parametrize("save", [lambda y: y * y, np.sin, lambda y: y.T @ y, lambda y: np.exp(y[::-1]) * y])
def test_the_graph_keeps_what_it_has_saved(save: Callable[[Any], Any], write: Callable[[Any], Any]) -> None:
    x = leaf([1.0, 2.0])
    y = np.exp(x)  # its rule has saved the output
    z = save(y).sum()
    expected = gradient(z, x)
    write(y)
    assert gradient(z, x) == expected


def test_the_graph_keeps_the_old_values_of_a_leaf() -> None:
    w = leaf(X)
    y = (w * w).sum()
    with no_grad():
        w -= 1.0
        w[0] = 0.0
    assert gradient(y, w) == (2 * X).tolist()


def test_snapshots_keep_their_values() -> None:
    for t in (tensor(X), leaf(X) * 1):
        seen, detached, copied = t.numpy(), t.detach(), tensor(t.detach(), copy=None)
        part = t[0].numpy()
        t[...] = 0.0
        t += 1
        for snapshot in (seen, detached.numpy(), copied.numpy()):
            np.testing.assert_array_equal(snapshot, X)
        np.testing.assert_array_equal(part, X[0])
        detached[0] = 7.0
        assert t.numpy().tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize("copy", [True, None, False])
def test_the_users_array_keeps_its_values(copy: bool | None) -> None:
    array, value = X.copy(), V.copy()
    t = tensor(array, copy=copy)
    t[0] = 100.0
    t[...] = value
    t *= 2
    np.testing.assert_array_equal(array, X)
    np.testing.assert_array_equal(value, V)
    value[:] = 0
    np.testing.assert_array_equal(t.numpy(), 2 * V)
    assert value.flags.writeable


def test_what_was_assigned_does_not_follow() -> None:
    t, v = tensor(X), tensor(V)
    t[...] = v
    v[0] = 9.0
    np.testing.assert_array_equal(t.numpy(), V)


def test_a_write_onto_itself() -> None:
    a, t = np.arange(5.0), leaf(np.arange(5.0)) * 1
    for x in (a, t):
        x[1:] = x[:-1]
        x[...] = x[::-1]
        x += x[::-1]
        x[[0, 1]] = x[[1, 0]]
    np.testing.assert_array_equal(t.numpy(), a)


# What it costs


def test_a_write_costs_no_copy_if_nobody_else_looks() -> None:
    for t in (tensor(np.zeros(1000)), leaf(np.zeros(1000)) * 1):
        x = leaf(2.0)
        address = t.numpy().ctypes.data
        for i in range(1000):
            t[i] = x * i
            seen = t[i : i + 1]
            seen *= 2
        assert t.numpy().ctypes.data == address
        assert gradient(t.sum(), x) == 999_000


def test_what_is_overwritten_as_a_whole_is_let_go() -> None:
    x, t = leaf(np.ones(3)), tensor(np.zeros(3))
    for _ in range(5):
        t[...] = x * 2
    assert t.node is not None
    assert t.node.inputs[0] is None
