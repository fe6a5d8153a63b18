"""Average pooling as users call it, against PyTorch: values and gradients, over all options."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings

from tapegrad import autograd, tensor
from tapegrad.autograd.testing import check_adjoint, check_grads

from .calls import Call
from .pools import adaptive_pools, window_pools

many = settings(max_examples=settings().max_examples * 8)


def assert_like_torch(call: Call) -> None:
    [x] = call.arrays
    ours = tensor(x, requires_grad=True, copy=None)
    theirs = torch.tensor(np.array(x, order="C"), requires_grad=True)

    y = getattr(autograd, call.name)(ours, **call.options)
    expected = getattr(torch.nn.functional, call.name)(theirs, **call.options)
    g = np.random.default_rng(0).normal(size=y.shape).astype(y.dtype)
    y.backward(g)
    expected.backward(torch.tensor(g))

    tolerance = 1e-12 if x.dtype == np.float64 else 1e-5
    assert y.dtype == x.dtype
    assert y.shape == tuple(expected.shape)
    np.testing.assert_allclose(y.numpy(), expected.detach().numpy(), tolerance, tolerance)
    assert ours.grad is not None
    assert theirs.grad is not None
    assert ours.grad.dtype == x.dtype
    np.testing.assert_allclose(ours.grad.numpy(), theirs.grad.numpy(), tolerance, tolerance)


@given(window_pools("avg_pool") | adaptive_pools("adaptive_avg_pool"))
@many
@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")  # inf - inf, in both
def test_it_is_pytorchs(call: Call) -> None:
    assert_like_torch(call)


@given(window_pools("lp_pool"))
@many
def test_norms_are_pytorchs(call: Call) -> None:
    x = np.abs(np.nan_to_num(call.arrays[0], neginf=2)) + 0.1
    for norm_type in (1, 2, 2.5):
        assert_like_torch(Call(call.name, [x.astype(x.dtype)], {**call.options, "norm_type": norm_type}))


@given(window_pools("avg_pool") | adaptive_pools("adaptive_avg_pool"))
def test_second_derivatives(call: Call) -> None:
    [x] = call.arrays
    assume(np.isfinite(x).all())
    check_grads(lambda x: getattr(autograd, call.name)(x, **call.options) ** 2, x, order=2)


@pytest.mark.parametrize("norm_type", [0, -1, np.inf, np.nan])
def test_norms_that_the_formula_does_not_have(norm_type: float) -> None:
    with pytest.raises(ValueError, match=r"lp_pool2d: norm_type must be positive and finite, got .*; max_pool2d"):
        autograd.lp_pool2d(np.ones((1, 4, 4)), norm_type, 2)


@pytest.mark.parametrize("pool", [autograd.lp_pool1d, autograd.lp_pool2d, autograd.lp_pool3d])
def test_derivatives_of_norms(pool: Any) -> None:
    x = np.random.default_rng(0).uniform(0.5, 2, (2, 2, *[4] * int(pool.__name__[-2])))
    check_grads(lambda x: pool(x, 3, 2, 1), x)


def test_a_norm_of_zeros_has_gradient_zero() -> None:
    """As it is after a relu that shut everywhere, and not 0 * inf."""
    x = tensor([[[0.0, 0.0, 3.0, 4.0]]], requires_grad=True)
    y = autograd.lp_pool1d(x, 2, 2)
    y.sum().backward()
    assert y.numpy().tolist() == [[[0, 5]]]
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), [[[0, 0, 0.6, 0.8]]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kernel", [3, 5, 7])
def test_the_mean_of_ones_is_one(dtype: Any, kernel: int) -> None:
    """Sums are divided once, by a whole number: 49 times a forty-ninth would not be 1."""
    for shape in ((1, 1, 7, 7), (2, 40, 35, 35)):
        assert (autograd.avg_pool2d(np.ones(shape, dtype), kernel) == 1).all()
        assert (autograd.avg_pool2d(np.ones(shape, dtype), kernel, 2, kernel // 2, False, False) == 1).all()


def test_means_of_complex_numbers_are_linear() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 3, 6, 5)) + 1j * rng.normal(size=(2, 3, 6, 5))
    y = autograd.avg_pool2d(x, 2)
    np.testing.assert_allclose(y, autograd.avg_pool2d(x.real, 2) + 1j * autograd.avg_pool2d(x.imag, 2))
    check_grads(lambda x: autograd.avg_pool2d(x, 3, 2, 1, True, False), x)


def test_the_gradient_is_the_adjoint() -> None:
    def pooled(x: Any) -> Any:
        return autograd.avg_pool2d(x, (3, 2), (2, 1), 1, True, False)

    def back(g: Any) -> Any:
        x = tensor(np.zeros((2, 3, 7, 5), g.dtype), requires_grad=True)
        return autograd.pullback([pooled(x)], [x], [g])[0].numpy()

    check_adjoint(pooled, back, (2, 3, 7, 5))


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.bool])
def test_means_of_integers_and_booleans_are_float64(dtype: Any) -> None:
    x = np.full((1, 1, 4, 4), 200).astype(dtype)
    for y in (autograd.avg_pool2d(tensor(x), 2), autograd.adaptive_avg_pool2d(tensor(x), 2)):
        assert y.dtype == np.float64
        assert not y.requires_grad
        assert (y.numpy() == x.flat[0]).all()


def test_halves_are_added_up_in_single_precision() -> None:
    x = tensor(np.full((1, 1, 64, 64), 100, np.float16), requires_grad=True)
    y = autograd.adaptive_avg_pool2d(x, 1)
    y.backward(np.ones(y.shape, np.float16))
    assert y.dtype == np.float16
    assert y.item() == 100
    assert x.grad is not None
    assert x.grad.dtype == np.float16


@pytest.mark.parametrize("shape", [(0, 3, 4, 4), (2, 0, 4, 4), (0, 4, 4)])
def test_no_images_give_no_means(shape: tuple[int, ...]) -> None:
    for pool in (autograd.avg_pool2d, autograd.adaptive_avg_pool2d):
        x = tensor(np.zeros(shape), requires_grad=True)
        y = pool(x, 2)
        y.sum().backward()
        assert y.shape == (*shape[:-2], 2, 2)
        assert x.grad is not None
        assert x.grad.shape == shape


def test_global_pooling_is_adaptive_pooling_to_one() -> None:
    x = np.random.default_rng(0).normal(size=(2, 40, 9, 8))
    np.testing.assert_allclose(autograd.adaptive_avg_pool2d(x, 1), x.mean(axis=(2, 3), keepdims=True), 1e-13, 1e-13)
