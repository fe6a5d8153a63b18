"""Running products at zeros, and running sums and their adjoints."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
import torch

from tapegrad import autograd, tensor
from tapegrad.autograd.testing import check_adjoint, check_grads

np: Any = import_module("numpy")  # its annotations know nothing of tensors
ZEROS = [[2.0, 0.0, 3.0, 4.0], [0.0, 2.0, 0.0, 3.0], [0.0, 0.0, 0.0, 0.0], [5.0], [0.0], [1.0, -2.0, 3.0, 0.0, 4.0]]


@pytest.mark.parametrize("x", ZEROS)
def test_running_products_have_every_derivative_at_zeros(x: list[float]) -> None:
    check_grads(np.cumprod, np.array(x), order=3)
    check_grads(np.prod, np.array(x), order=3)


@pytest.mark.parametrize("x", ZEROS)
def test_gradients_at_zeros_are_pytorchs(x: list[float]) -> None:
    cotangent = np.arange(1.0, len(x) + 1)
    ours, theirs = tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True, dtype=torch.float64)
    np.cumprod(ours).backward(cotangent)
    torch.cumprod(theirs, 0).backward(torch.tensor(cotangent))  # type: ignore[no-untyped-call]
    assert ours.grad is not None
    assert theirs.grad is not None
    np.testing.assert_allclose(ours.grad.numpy(), theirs.grad.numpy(), rtol=1e-13)


def test_a_product_that_overflows_is_numpys() -> None:
    x = np.array([0.0, 1e200, 1e200, 1e-300])
    assert np.cumprod(tensor(x, requires_grad=True)).numpy().tolist() == [0, 0, 0, 0]
    assert np.prod(tensor(x, requires_grad=True)).item() == 0


@pytest.mark.parametrize("shape", [(7,), (1,), (0,), (3, 4), (2, 0, 3)])
@pytest.mark.parametrize("axis", [0, -1])
def test_a_running_sum_is_the_adjoint_of_that_from_the_end(shape: tuple[int, ...], axis: int) -> None:
    def from_the_end(y: Any) -> Any:
        return np.flip(np.cumsum(np.flip(y, axis), axis), axis)

    check_adjoint(lambda x: autograd.cumsum(x, axis), from_the_end, shape)
    t = tensor(np.zeros(shape), requires_grad=True)
    y = np.arange(1.0, np.prod(shape) + 1).reshape(shape)
    np.cumsum(t, axis).backward(y)
    assert t.grad is not None
    np.testing.assert_array_equal(t.grad.numpy(), from_the_end(y))


@pytest.mark.parametrize("f", [np.cumulative_sum, np.cumulative_prod])
def test_which_axis_has_to_be_said(f: Any) -> None:
    assert f(tensor(3.0, requires_grad=True)).numpy().tolist() == [3]
    with pytest.raises(ValueError, match=r"x has shape \(2, 2\); say with axis="):
        f(tensor(np.ones((2, 2)), requires_grad=True))


def test_long_products_take_few_operations() -> None:
    x = tensor(np.linspace(0.9, 1.1, 4096), requires_grad=True)
    np.prod(x).backward()
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), np.prod(x.numpy()) / x.numpy(), rtol=1e-10)
