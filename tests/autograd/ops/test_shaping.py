"""Conversions that round, layouts that a gradient cannot know, and what shaping refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import pullback
from tapegrad.autograd.testing import check_grads


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.complex64, np.complex128])
def test_a_conversion_passes_the_gradient_on_in_the_inputs_dtype(dtype: Any) -> None:
    x = leaf(np.array([0.1, 0.2]))
    y = x.astype(dtype)
    assert y.dtype == dtype
    g = np.array([1.5, -2.5], dtype)
    (gx,) = pullback([y], [x], [g])
    assert gx.dtype == np.float64
    assert gx.numpy().tolist() == [1.5, -2.5]


def test_a_conversion_to_real_warns_as_numpys_and_keeps_the_real_part() -> None:
    z = leaf(np.array([1 + 2j]))
    with pytest.warns(np.exceptions.ComplexWarning):
        y = z.astype(np.float64)
    (gz,) = pullback([y], [z], [np.ones(1)])
    assert gz.numpy().tolist() == [1]
    assert gz.dtype == np.complex128


@pytest.mark.parametrize("order", ["A", "K"])
def test_orders_that_depend_on_memory_are_refused(order: Any) -> None:
    x: Any = leaf(np.asfortranarray(np.arange(6.0).reshape(2, 3)))
    for call in (lambda: x.reshape(3, 2, order=order), lambda: np.ravel(x, order=order)):
        with pytest.raises(ValueError, match=rf"reshape: expected order 'C' or 'F', got '{order}'"):
            call()


@pytest.mark.parametrize("width", [0, 2, (1, 2), ((1, 2),), [[1], [2]], ((1, 0), (0, 2)), np.array([[1, 2], [3, 4]])])
def test_every_way_to_say_how_wide_a_border_is(width: Any) -> None:
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(autograd.pad(leaf(x), width).numpy(), np.pad(x, width), strict=True)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.tile(x, (2, 2)),
        lambda x: np.repeat(x, [1, 0, 2], axis=1),
        lambda x: np.roll(x, (1, 2), axis=(0, 1)),
        lambda x: np.moveaxis(x, [0, 1], [1, 0]),
        lambda x: np.expand_dims(x, (0, 3)),
        lambda x: np.squeeze(x[None, :, :, None], (0, -1)),
        lambda x: np.flip(x, (0, 1)),
        lambda x: np.rot90(x, 3),
        lambda x: np.reshape(x, shape=(3, 2)),
        lambda x: np.permute_dims(x, (1, 0)),
        lambda x: np.matrix_transpose(x),
        lambda x: np.broadcast_to(x, shape=(4, 2, 3)),
        lambda x: np.copy(x, order="F"),
        lambda x: np.concat([x, x], axis=-1),
        lambda x: np.array_split(x, 2, axis=1)[0],
    ],
)
def test_parameters_by_numpys_names_and_the_elements_counted_by_the_gradient(f: Callable[[Any], Any]) -> None:
    """The gradient of a sum counts how often each element appears."""
    x = np.arange(6.0).reshape(2, 3)
    t = leaf(x)
    y = f(t)
    np.testing.assert_array_equal(y.numpy(), f(x), strict=True)
    y.sum().backward()
    assert t.grad is not None
    expected = [(f(np.arange(6).reshape(2, 3)) == i).sum() for i in range(6)]
    assert t.grad.numpy().ravel().tolist() == expected


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.reshape(x, (3, 2), order="F"),
        lambda x: np.ravel(x, order="F"),
        lambda x: x[None].transpose(1, 2, 0),
        lambda x: np.cumsum(x, axis=0),
        lambda x: np.cumsum(x),
        lambda x: np.pad(x, ((1, 0), (0, 2))),
    ],
)
def test_gradients_go_back_to_their_places(f: Callable[[Any], Any]) -> None:
    check_grads(f, np.arange(6.0).reshape(2, 3))


def test_tensors_as_parameters() -> None:
    x: Any = leaf([1.0, 2.0, 3.0])
    two: Any = tensor(2)
    one_and_two: Any = tensor([1, 2])
    assert np.tile(x, two).shape == (6,)
    assert autograd.roll(x, two).numpy().tolist() == [2, 3, 1]
    assert autograd.repeat(x, tensor([0, 1, 2])).numpy().tolist() == [2, 3, 3]
    assert [part.numpy().tolist() for part in autograd.split(x, one_and_two)] == [[1], [2], [3]]
    assert [part.shape for part in np.array_split(x, two)] == [(2,), (1,)]
    assert x.reshape(tensor([3, 1])).shape == (3, 1)
    assert x.reshape(3, 1).sum(axis=tensor(0)).shape == (1,)
    with pytest.raises(autograd.ShapeError, match="cannot be cut into 2 equal parts"):
        np.split(x, two)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: np.squeeze(x, 0), "size not equal to one"),
        (lambda x: np.swapaxes(x, 0, 5), "axis2|out of bounds|out of range"),
        (lambda x: np.expand_dims(x, 7), "out of bounds"),
        (lambda x: np.broadcast_to(x, (3,)), "more axes|broadcast"),
        (lambda x: x.reshape(-1, -1), "one unknown"),
    ],
)
def test_what_does_not_fit_is_numpys_error(call: Callable[[Tensor], Any], message: str) -> None:
    with pytest.raises((ValueError, IndexError), match=message):
        call(leaf(np.zeros((2, 3))))
