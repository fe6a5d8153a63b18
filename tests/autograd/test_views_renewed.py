"""When a view is found again, from what, and what keeps it from being one."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd, no_grad, tensor
from tapegrad.autograd import GraphError

X = np.arange(1.0, 7.0).reshape(2, 3)


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


def test_a_view_is_found_again_at_its_next_use_and_only_then() -> None:
    y = leaf(np.zeros(3)) * 1
    rows = [y[i : i + 1] for i in range(3)]
    for row in rows:
        row += 1
    assert [hasattr(row, "_data") for row in rows] == [False] * 3
    assert [row.item() for row in rows] == [1, 1, 1]
    assert [hasattr(row, "_data") for row in rows] == [True] * 3


def test_views_of_views_to_any_depth() -> None:
    t = deepest = tensor(np.zeros(3000))
    for _ in range(2000):
        deepest = deepest[1:]
    t += 1
    assert deepest.numpy().tolist() == [1] * 1000
    deepest[0] = 5
    assert t.numpy()[1999:2002].tolist() == [1, 5, 1]


def test_a_view_made_under_no_grad_stays_a_constant() -> None:
    x = leaf(X)
    y = x * 2
    with no_grad():
        seen = y[0]
    y[0, 0] = 50.0
    assert not seen.requires_grad
    assert seen.numpy().tolist() == [50, 4, 6]
    with pytest.raises(GraphError, match=r"made under no_grad\(\) as a view of a tracked tensor"):
        seen[1] = 1.0
    with no_grad():
        seen[1] = 1.0
    assert y.numpy()[0].tolist() == [50, 1, 6]
    assert y.requires_grad


def test_a_view_found_again_under_no_grad_is_still_tracked() -> None:
    x = leaf(X)
    y = x * 2
    seen = y[0]
    y[1] = 0.0
    with no_grad():
        assert seen.requires_grad
        seen.numpy()
    seen.sum().backward()
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [[2, 2, 2], [0, 0, 0]]


def test_a_leaf_and_its_views_change_their_minds_together() -> None:
    x = tensor(X)
    seen = x[0]
    x.requires_grad = True
    assert seen.requires_grad
    x.requires_grad = False
    assert not seen.requires_grad


def test_a_view_that_becomes_a_leaf_parts_from_its_base() -> None:
    x = tensor(X)
    seen = x[0]
    child = seen[1:]
    seen.requires_grad = True
    x[0] = 100.0
    assert seen.numpy().tolist() == [1, 2, 3]
    assert seen.is_leaf
    with no_grad():
        seen[1] = 7.0
    assert child.numpy().tolist() == [7, 3]
    assert x.numpy()[0].tolist() == [100, 100, 100]


def test_what_lies_with_gaps_is_copied_before_it_is_viewed() -> None:
    """A copy that a write makes has no gaps, and could not be viewed by this reshape."""
    array = np.arange(32.0).reshape(4, 8)
    whole = tensor(array)
    t = whole[:, :6].detach()
    assert np.shares_memory(array[:, :6][:, ::4].reshape(-1), array)
    apart = t[:, ::4].reshape(-1)
    seen = t[:, ::4].T
    held = t.numpy()
    t[1:, 0] = -1.0
    seen[1] = -2.0
    apart[0] = -3.0
    assert t.numpy()[:, ::4].tolist() == [[0, -2], [-1, -2], [-1, -2], [-1, -2]]
    for unchanged in (whole.numpy()[:, :6], held):
        np.testing.assert_array_equal(unchanged, array[:, :6])


def test_the_order_of_axes_in_memory_stays() -> None:
    """A view may be one in Fortran's order alone: of results, of what replaces them, and of their gradients."""
    for order in ("C", "F"):
        x = leaf(X)
        y = x.T * 1  # in Fortran's order
        seen = y.T.reshape(6)
        y += np.ones((3, 2))  # of both, NumPy makes an array in C's order
        y *= np.asarray(2 * np.ones((3, 2)), order=order)
        seen[1] = 50.0
        expected = 2 * X.T + 2
        expected[1, 0] = 50
        np.testing.assert_array_equal(y.numpy(), expected)
        (g,) = autograd.pullback([y], [x], [np.ones((3, 2), order=order)])
        assert g.numpy().tolist() == [[2, 0, 2], [2, 2, 2]]


def test_arguments_that_change_before_a_view_is_found_again() -> None:
    t, shape, start = tensor(X), [3, 2], tensor(1)
    by_list, by_name, tail = t.reshape(shape), autograd.reshape(t, shape=shape), t[start:]
    shape[:] = [6, 1]
    start += 1
    t += 1
    assert by_list.shape == by_name.shape == (3, 2)
    np.testing.assert_array_equal(tail.numpy(), X[1:] + 1)


def test_views_leave_nothing_in_a_cycle() -> None:
    gc.collect()
    gc.disable()
    try:
        y = leaf(X) * 1
        seen = y.T[1:]
        seen *= 2
        (seen * y.T[1:]).sum().backward()
        ends: list[Any] = [weakref.ref(y), weakref.ref(seen), weakref.ref(y.node)]
        del y, seen
        assert [end() for end in ends] == [None] * 3
    finally:
        gc.enable()


def test_many_short_lived_views_leave_nothing() -> None:
    x = leaf(np.zeros(10))
    for _ in range(10_000):
        x[1:].sum()
    assert len(x._views) < 1000


def test_a_large_image_with_channels_last_is_viewed_as_numpy_does() -> None:
    a = np.zeros((2, 16, 16, 8)).transpose(0, 3, 1, 2)
    t = tensor(a, copy=None)
    for shape in ((2, 8, 256), (2, 2, 4, 16, 16), (2, 8, 4, 4, 16), (16, 256), (2, -1), (1, 2, 8, 1, 16, 16)):
        seen = t.reshape(shape)
        assert hasattr(seen, "_view") == np.shares_memory(a.reshape(shape), a)


def test_autograd_functions_are_views_too() -> None:
    t = tensor(X)
    seen = autograd.transpose(t)
    t[0] = 9.0
    assert seen.numpy()[:, 0].tolist() == [9, 9, 9]
