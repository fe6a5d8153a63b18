"""t += v and its kin: a new tensor for a result, an update for a leaf under no_grad, else refused for a leaf."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad import no_grad, tensor
from tapegrad.autograd import GraphError

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
X = np.array([[1.5, 2.0], [3.0, 0.5]])
V = np.array([[2.0, 1.0], [0.5, 3.0]])


@every_operator
def test_a_leaf_is_updated_under_no_grad(in_place: Callable[..., Any], plain: Callable[..., Any]) -> None:
    w = tensor(X, requires_grad=True)
    with no_grad():
        same = in_place(w, V)
    assert same is w
    assert w.requires_grad
    assert w.is_leaf
    np.testing.assert_array_equal(w.numpy(), plain(X, V))


@every_operator
def test_a_leaf_that_records_is_refused(in_place: Callable[..., Any], plain: Callable[..., Any]) -> None:
    w = tensor(X, requires_grad=True)
    with pytest.raises(GraphError, match=r"leaf that requires a gradient.*no_grad"):
        in_place(w, V)
    np.testing.assert_array_equal(w.numpy(), X)


@every_operator
def test_a_result_becomes_a_new_one(in_place: Callable[..., Any], plain: Callable[..., Any]) -> None:
    w = tensor(X, requires_grad=True)
    y = before = w * 1.0
    y = in_place(y, V)
    np.testing.assert_array_equal(y.numpy(), plain(X, V))
    np.testing.assert_array_equal(before.numpy(), X)
    assert y.requires_grad


def test_the_graph_keeps_the_old_values() -> None:
    w = tensor(X, requires_grad=True)
    y = (w * w).sum()
    with no_grad():
        w -= 1.0
    y.backward()
    assert w.grad is not None
    np.testing.assert_array_equal(w.grad.numpy(), 2 * X)
