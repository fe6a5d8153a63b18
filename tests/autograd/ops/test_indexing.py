"""Indexing: whatever NumPy takes; duplicates add up; a derivative uses the index as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import grad
from tapegrad.autograd.testing import check_grads, strategies as draw


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


@pytest.mark.parametrize(
    "index",
    [
        ((0, 0),),
        ((0, 0), (1, 1)),
        [0, 0, -3],
        [[0, 1], [0, 0]],
        range(-3, 3),
        [],
        ([], slice(None)),
        [True, False, True],
        ([True, False, True], 0),
        np.array(1),
        np.int64(-1),
        True,
        None,
        (..., None, 0),
        (slice(None, None, -1), [1, 1]),
        ([0, 0], None, [1, 1]),
        ([0, 2], slice(None)),
        (slice(None), [0, 0]),
        (np.array([[True, False], [True, True], [False, False]]),),
        tensor([2, 2]),
        (tensor([True, False, True]), tensor(1)),
        slice(tensor(1), None),
        (),
        Ellipsis,
    ],
    ids=str,
)
def test_any_index_that_numpy_takes(index: Any) -> None:
    x = np.arange(6.0).reshape(3, 2)
    plain = tuple(values(part) for part in index) if isinstance(index, tuple) else values(index)
    np.testing.assert_array_equal(leaf(x)[index].numpy(), x[plain], strict=True)
    check_grads(lambda t: t[index] * 1, x)


def values(part: Any) -> Any:
    return part.numpy() if isinstance(part, Tensor) else part


@given(st.data())
def test_duplicates_add_up(data: st.DataObject) -> None:
    x = data.draw(draw.arrays(draw.shapes(min_dims=1, min_side=1)))
    rows = data.draw(st.lists(st.integers(-len(x), len(x) - 1), max_size=6))
    t = leaf(x)
    t[rows].sum().backward()
    expected = np.zeros_like(x)
    for row in rows:
        expected[row] += 1
    assert t.grad is not None
    np.testing.assert_array_equal(t.grad.numpy(), expected)


def test_an_index_that_the_caller_changes_later() -> None:
    x = leaf([1.0, 2.0, 3.0])
    index = np.array([0, 1])
    mask = np.array([True, True, False])
    as_list = [0, 1]
    as_tensor = tensor([0, 1])
    handed_out = as_tensor.data
    y = x[index].sum() + x[mask].sum() + x[as_list].sum() + x[as_tensor].sum()
    index[:] = 2
    mask[:] = True
    as_list[0] = 2
    with pytest.raises(ValueError, match="read-only"):
        handed_out[:] = 2
    as_tensor.data[:] = 2
    y.backward()
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [4, 4, 0]


@pytest.mark.parametrize("index", [3, (0, 0, 0), 1.5, "a", [0.5], (slice(None), 2), np.array([True, False])])
def test_what_is_no_index_is_an_index_error_that_names_the_shape(index: Any) -> None:
    with pytest.raises(IndexError) as caught:
        leaf(np.zeros((3, 2)))[index]
    assert any("getitem: x (3, 2)" in note and "test_indexing.py" in note for note in caught.value.__notes__)


def test_iterating_and_unpacking() -> None:
    x = leaf([[1.0, 2.0], [3.0, 4.0]])
    a, b = x
    (a * b).sum().backward()
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [[3, 4], [1, 2]]
    with pytest.raises(TypeError, match="iteration over a 0-d tensor"):
        iter(leaf(1.0))


@pytest.mark.parametrize("shape", [(), (2, 2, 2)])
def test_diag_is_for_vectors_and_matrices(shape: tuple[int, ...]) -> None:
    with pytest.raises(autograd.ShapeError, match="diag: expected a vector or a matrix"):
        autograd.diag(leaf(np.zeros(shape)))


def test_take_along_axis_as_argsort_gives_it() -> None:
    x = np.array([[3.0, 1.0, 2.0], [0.5, 0.7, 0.1]])
    order: Any = np.argsort(leaf(x), axis=1)
    sorted_x = autograd.take_along_axis(leaf(x), order, 1)
    np.testing.assert_array_equal(sorted_x.numpy(), np.sort(x, axis=1))
    check_grads(lambda t: np.take_along_axis(t, order, 1), x)


def test_the_gradient_of_a_gradient_of_an_element() -> None:
    second = grad(lambda x: grad(lambda z: z[0] ** 3 * z[1])(x)[0])(np.array([2.0, 5.0]))
    assert second.numpy().tolist() == pytest.approx([60, 12])
