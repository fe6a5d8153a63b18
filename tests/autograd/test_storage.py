"""Nothing changes behind the graph: who may write where, and who sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import GraphError, ShapeError


def leaf(x: Any, **options: Any) -> Tensor:
    return tensor(x, requires_grad=True, **options)


def squared_gradient(x: Tensor, y: Tensor) -> Any:
    """After y = (x * x).sum(): the gradient, twice the values that x had then."""
    y.backward()
    assert x.grad is not None
    return (x.grad.numpy() / 2).tolist()


def test_a_users_array_changed_after_it_went_in() -> None:
    array = np.array([1.0, 2.0])
    x = leaf(array)
    y = (x * x).sum()
    array[:] = 100
    assert x.numpy().tolist() == [1, 2]
    assert squared_gradient(x, y) == [1, 2]


@pytest.mark.parametrize("f", [np.multiply, np.divide, np.hypot, np.matmul, np.maximum, np.arctan2])
def test_an_operand_changed_after_the_operation(f: Callable[..., Any]) -> None:
    operand = np.array([1.0, 2.0])
    x = leaf([3.0, 4.0])
    expected = autograd.pullback([f(x, operand).sum()], [x])[0].numpy()
    y = f(x, operand).sum()
    operand[:] = 100
    np.testing.assert_array_equal(autograd.pullback([y], [x])[0].numpy(), expected)


@pytest.mark.parametrize("f", [lambda x, c: np.where(c, x, 0), lambda x, c: x[c], lambda x, c: np.take(x, c * 1)])
def test_a_condition_or_index_changed_after_the_operation(f: Callable[..., Any]) -> None:
    condition = np.array([True, False])
    x = leaf([3.0, 4.0])
    expected = autograd.pullback([f(x, condition).sum()], [x])[0].numpy()
    y = f(x, condition).sum()
    condition[:] = ~condition
    np.testing.assert_array_equal(autograd.pullback([y], [x])[0].numpy(), expected)


def test_labels_changed_after_the_loss() -> None:
    labels = np.array([0, 1])
    x = leaf([[3.0, 4.0], [1.0, 0.0]])
    y = autograd.softmax_cross_entropy(x, labels).sum()
    expected = autograd.pullback([y], [x], retain_graph=True)[0].numpy()
    labels[:] = 0
    np.testing.assert_array_equal(autograd.pullback([y], [x])[0].numpy(), expected)


def test_no_copy_where_none_is_wanted() -> None:
    array = np.array([1.0, 2.0])
    shared = tensor(array, copy=False)
    assert np.shares_memory(shared.numpy(), array)
    assert array.flags.writeable
    assert np.shares_memory(tensor(array, copy=None).numpy(), array)
    with pytest.raises(ValueError, match="copy"):
        tensor([1.0], copy=False)


def test_the_data_of_a_result_is_read_only_and_stays() -> None:
    y = leaf([1.0, 2.0]) * 2
    with pytest.raises(ValueError, match="read-only"):
        y.data[0] = 5
    with pytest.raises(GraphError, match=r"data: a result of multiply cannot be replaced, .*use \.detach\(\)"):
        y.data = np.zeros(2)
    assert y.numpy().tolist() == [2, 4]


def test_numpy_is_read_only_everywhere() -> None:
    x = leaf([1.0, 2.0])
    for t in (x, x * 2, x.detach(), tensor([1.0]), x[::-1], x.T):
        assert not t.numpy().flags.writeable


def test_the_data_of_a_leaf_can_be_written_to() -> None:
    x = leaf([1.0, 2.0])
    x.data[0] = 5
    assert x.numpy().tolist() == [5, 2]
    x.data += 1
    assert x.numpy().tolist() == [6, 3]
    x.data = np.array([7, 8], np.float32)
    assert x.numpy().tolist() == [7, 8]
    assert x.dtype == np.float64
    constant = tensor([1, 2])
    constant.data[:] = 3
    assert constant.numpy().tolist() == [3, 3]


def test_data_keeps_shape_and_dtype() -> None:
    x = leaf([1.0, 2.0], dtype=np.float32)
    with pytest.raises(ShapeError, match=r"data: expected shape \(2,\), got \(3,\)"):
        x.data = np.zeros(3)
    with pytest.raises(TypeError, match="complex"):
        x.data = np.zeros(2, complex)
    array = np.array([3.0, 4.0])
    x.data = array
    array[:] = 9
    assert x.numpy().tolist() == [3, 4]
    assert x.dtype == np.float32


def test_writing_before_an_operation_counts_and_after_it_does_not() -> None:
    x = leaf([1.0, 2.0])
    x.data[0] = 3
    y = (x * x).sum()
    x.data[0] = 100  # the graph keeps what it saw
    assert x.numpy().tolist() == [100, 2]
    assert squared_gradient(x, y) == [3, 2]


def test_a_held_alias_is_frozen_by_the_next_operation() -> None:
    x = leaf([1.0, 2.0])
    held = x.data
    held[0] = 3
    assert x.numpy().tolist() == [3, 2]
    y = (x * x).sum()
    with pytest.raises(ValueError, match="read-only"):
        held[0] = 100
    assert squared_gradient(x, y) == [3, 2]


@pytest.mark.parametrize("view", [lambda a: a[:1], lambda a: a.reshape(2, 1), lambda a: a.view(), lambda a: a[::-1].T])
def test_a_held_view_cannot_reach_the_graph(view: Callable[[Any], Any]) -> None:
    x = leaf([1.0, 2.0])
    held = view(x.data)
    y = (x * x).sum()
    held[...] = 100
    assert x.numpy().tolist() == [1, 2]
    assert squared_gradient(x, y) == [1, 2]


@pytest.mark.parametrize(
    "alias",
    [
        lambda x: x.detach(),
        lambda x: x.detach()[...],
        lambda x: x * 1,
        lambda x: autograd.pullback([x.sum()], [x], create_graph=True)[0],
        lambda x: tensor(x.detach(), copy=None),
    ],
)
def test_tensors_that_share_memory_do_not_share_writes(alias: Callable[[Tensor], Tensor]) -> None:
    x = leaf([1.0, 2.0])
    other = alias(x)
    before = other.numpy().copy()
    x.data[:] = 100
    np.testing.assert_array_equal(other.numpy(), before)
    if other.is_leaf:
        other.data[...] = 7
        assert x.numpy().tolist() == [100, 100]


@pytest.mark.parametrize("view", [lambda x: x[...], lambda x: x[None].T[::-1][::-1, 0], lambda x: x.reshape(-1)[:2]])
def test_what_is_written_into_data_shows_in_views(view: Callable[[Any], Any]) -> None:
    for x in (leaf([1.0, 2.0]), tensor([1.0, 2.0])):
        seen = view(x)
        y = (seen * seen).sum() if x.requires_grad else None
        x.data[:] = [100, 200]
        x.data += 1
        assert seen.numpy().tolist() == [101, 201]
        x.data = np.array([3.0, 4.0])
        assert seen.numpy().tolist() == [3, 4]
        if y is not None:
            assert squared_gradient(x, y) == [1, 2]


@pytest.mark.parametrize("make", [tensor, leaf])
def test_the_data_of_a_view_is_part_of_its_base(make: Callable[[Any], Tensor]) -> None:
    x = make(np.arange(6.0).reshape(2, 3))
    row: Any
    column: Any
    stretched: Any
    with autograd.no_grad():
        row, column, stretched = x[1], x.T[0], np.broadcast_to(x, (2, 2, 3))
    held = row.data
    held[0] = 50
    assert column.numpy().tolist() == [0, 50]
    held[0] = 99  # after that look, it is nobody's
    row.data = np.array([7, 8, 9])
    column.data += 1
    assert x.numpy().tolist() == [[1, 1, 2], [8, 8, 9]]
    assert not stretched.data.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        stretched.data = np.zeros((2, 2, 3))
    with pytest.raises(ShapeError, match=r"data: expected shape \(3,\), got \(2,\)"):
        row.data = np.zeros(2)


def test_the_data_of_a_view_of_a_result_is_read_only() -> None:
    y = leaf([1.0, 2.0]) * 2
    with autograd.no_grad():
        constant = y[1:]
    for seen in (y[1:], constant):
        assert not seen.data.flags.writeable


def test_a_held_numpy_view_keeps_its_values() -> None:
    x = leaf([1.0, 2.0])
    seen = x.numpy()
    x.data[:] = 100
    assert seen.tolist() == [1, 2]


def test_writing_costs_no_copy_if_nobody_else_looks() -> None:
    x = leaf(np.zeros(1000))
    address = x.numpy().ctypes.data
    for _ in range(3):
        x.data -= 1
        (x * 2).sum().backward()
        assert x.numpy().ctypes.data == address
        x.data -= 1


def test_gradients_are_nobody_elses() -> None:
    a, b = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    seed = np.array([1.0, 1.0])
    (a + b).backward(seed)
    assert a.grad is not None
    assert b.grad is not None
    a.grad.data[:] = 100
    seed[:] = 50
    assert b.grad.numpy().tolist() == [1, 1]
    b.grad.data *= 2
    assert a.grad.numpy().tolist() == [100, 100]


@pytest.mark.parametrize("create_graph", [False, True])
def test_gradients_of_a_pullback_are_nobody_elses(create_graph: bool) -> None:
    a, b, c = leaf([1.0, 2.0]), leaf([3.0, 4.0]), leaf([[5.0, 6.0]])
    seed = tensor([[1.0, 1.0]])
    y = (a + b).reshape(1, 2) + c
    gradients = autograd.pullback([y], [a, b, c], [seed], create_graph=create_graph)
    for i, g in enumerate(gradients):
        g.data[...] = i + 10
    assert [g.numpy().ravel()[0] for g in gradients] == [10, 11, 12]
    assert seed.numpy().tolist() == [[1, 1]]
