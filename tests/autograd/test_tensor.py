"""What a tensor is made of and shows."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import Tensor, tensor
from tapegrad.autograd import DTypeError, GraphError, ShapeError


def leaf(x: Any, **options: Any) -> Tensor:
    return tensor(x, requires_grad=True, **options)


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint64, np.float16, np.float32, np.float64, np.complex64])
def test_any_dtype_of_numbers_is_stored(dtype: Any) -> None:
    x = np.array([[0, 1], [1, 1]], dtype)
    t = tensor(x)
    assert (t.dtype, t.shape, t.ndim, t.size, t.nbytes, len(t)) == (x.dtype, (2, 2), 2, 4, x.nbytes, 2)
    np.testing.assert_array_equal(t.numpy(), x, strict=True)
    assert not t.requires_grad
    assert t.is_leaf


@pytest.mark.parametrize("data", ["abc", [None], [object()], np.array(["2020-01-01"], "M8[D]"), b"x"])
def test_what_is_no_number_is_refused(data: Any) -> None:
    with pytest.raises(DTypeError, match="tensor: expected numbers, got "):
        tensor(data)


@pytest.mark.parametrize("data", [[1, 2], True, np.array([1], np.uint8)])
def test_integers_have_no_gradient(data: Any) -> None:
    with pytest.raises(DTypeError, match=r"requires_grad: only floating .*convert with \.astype\(np\.float64\)"):
        tensor(data, requires_grad=True)
    t = tensor(data)
    with pytest.raises(DTypeError, match="requires_grad: only floating and complex tensors have gradients, got"):
        t.requires_grad = True
    assert not t.requires_grad


def test_numpy_chooses_the_dtype_unless_told() -> None:
    assert tensor([1, 2]).dtype == np.array([1, 2]).dtype
    assert tensor([1, 2], dtype=np.float32).dtype == np.float32
    assert tensor(np.float32(1)).dtype == np.float32
    assert tensor(1.0).dtype == np.float64
    assert tensor(tensor([1.0]), dtype="complex64").dtype == np.complex64


def test_ragged_lists_are_numpys_error() -> None:
    with pytest.raises(ValueError, match="inhomogeneous"):
        tensor([[1], [1, 2]])


def test_repr_tells_values_dtype_origin_and_name() -> None:
    x = leaf([1.0, 2.0], name="x")
    assert repr(x) == "tensor([1., 2.], dtype=float64, requires_grad=True, name='x')"
    assert repr(x * 2) == "tensor([2., 4.], dtype=float64, node=multiply)"
    assert repr(tensor([[1, 2], [3, 4]], dtype=np.int8)) == "tensor([[1, 2],\n        [3, 4]], dtype=int8)"
    assert str(tensor(2.5)) == "tensor(2.5, dtype=float64)"
    assert f"{tensor(2.5):.2f}" == "2.50"
    assert f"{tensor([2.5])}" == "tensor([2.5], dtype=float64)"


def test_item_is_a_python_number() -> None:
    assert type(tensor([[2.5]]).item()) is float
    assert type(tensor(2).item()) is int
    with pytest.raises(ValueError, match=r"expected one element, got shape \(2,\)"):
        tensor([1.0, 2.0]).item()


def test_a_tensor_is_hashed_by_identity() -> None:
    a, b = leaf(1.0), leaf(1.0)
    assert len({a, b, a}) == 2


def has_grad(x: Tensor) -> bool:
    return x.grad is not None


def test_requires_grad_can_be_switched_on_leaves_only() -> None:
    x = tensor([1.0])
    assert not has_grad(x)
    x.requires_grad = True
    (x * 2).sum().backward()
    assert has_grad(x)
    x.requires_grad = True  # as it is: the gradient stays
    assert has_grad(x)
    x.requires_grad = False
    assert not (x * 2).requires_grad
    with pytest.raises(GraphError, match=r"requires_grad: this is a result of multiply; use \.detach\(\) instead"):
        (leaf([1.0]) * 2).requires_grad = False


def test_grad_is_checked() -> None:
    x: Any = leaf([1.0, 2.0])
    x.grad = tensor([3.0, 4.0])
    assert x.grad.numpy().tolist() == [3, 4]
    for wrong in (tensor([1.0]), tensor([1, 2]), tensor([1.0, 2.0], dtype=np.float32), np.zeros(2), 0):
        with pytest.raises(ShapeError, match=r"grad: expected a Tensor of float64\[2\] or None, got"):
            x.grad = wrong
    assert x.grad.numpy().tolist() == [3, 4]
    x.grad = None
    assert x.grad is None
    constant = tensor([1.0])
    constant.grad = None
    with pytest.raises(GraphError, match="does not require a gradient"):
        constant.grad = tensor([1.0])


def test_grad_of_a_result_is_asked_for_in_vain_but_not_in_silence() -> None:
    y: Any = leaf([1.0]) * 2
    with pytest.warns(UserWarning, match=r"result of multiply, .*call \.retain_grad\(\) on it before") as caught:
        assert y.grad is None
    assert caught[0].filename == __file__


def test_names() -> None:
    assert leaf(1.0, name="w").name == "w"
    assert leaf(1.0).name is None
    assert (leaf(1.0, name="w") * 2).name is None


def test_copies_of_leaves() -> None:
    x = leaf([1.0, 2.0])
    for again in (copy.copy(x), copy.deepcopy(x)):
        assert again.requires_grad
        assert again is not x
        again.data[0] = 5
    assert x.numpy().tolist() == [1, 2]
    with pytest.raises(GraphError, match=r"copy: a result of multiply cannot leave its graph; use \.detach\(\)"):
        copy.deepcopy(x * 2)


def test_the_short_names_at_the_top() -> None:
    assert tg.Tensor is Tensor
    assert isinstance(tg.tensor([1.0]), tg.Tensor)
