"""Max pooling as users call it, against PyTorch: values, indices and gradients, over all options."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from tapegrad import Tensor, autograd, no_grad, tensor
from tapegrad.autograd import pullback
from tapegrad.autograd.graph import Node
from tapegrad.autograd.testing import check_grads, strategies as draw

from .calls import Call
from .pools import adaptive_pools, window_pools

many = settings(max_examples=settings().max_examples * 8)


@given(window_pools("max_pool") | adaptive_pools("adaptive_max_pool"))
@many
def test_it_is_pytorchs(call: Call) -> None:
    """Ties, infinities and NaN too: there PyTorch's choice of a winner is ours."""
    [x] = call.arrays
    ours = tensor(x, requires_grad=True, copy=None)
    theirs = torch.tensor(np.array(x, order="C"), requires_grad=True)

    y, indices = getattr(autograd, call.name)(ours, **call.options, return_indices=True)
    expected, places = getattr(torch.nn.functional, call.name)(theirs, **call.options, return_indices=True)
    g = np.random.default_rng(0).normal(size=y.shape).astype(y.dtype)
    y.backward(g)
    expected.backward(torch.tensor(g))

    np.testing.assert_array_equal(y.numpy(), expected.detach().numpy())
    np.testing.assert_array_equal(indices.numpy(), places.numpy())
    assert ours.grad is not None
    assert theirs.grad is not None
    assert ours.grad.dtype == x.dtype
    np.testing.assert_allclose(ours.grad.numpy(), theirs.grad.numpy(), 1e-5, 1e-5)


@given(window_pools("max_pool") | adaptive_pools("adaptive_max_pool"))
def test_arrays_give_arrays_and_untracked_tensors_constants(call: Call) -> None:
    [x] = call.arrays
    pool = getattr(autograd, call.name)

    y, indices = pool(x, **call.options, return_indices=True)

    assert type(y) is type(indices) is np.ndarray
    assert indices.dtype == np.int64
    for untracked in (pool(tensor(x), **call.options), pool(tensor(x), **call.options, return_indices=True)[1]):
        assert isinstance(untracked, Tensor)
        assert not untracked.requires_grad
    np.testing.assert_array_equal(pool(tensor(x), **call.options).numpy(), y)


@st.composite
def distinct(call: st.DrawFn) -> Call:
    """Numbers so far apart that differences meet no other winner."""
    name, [like], options = call(window_pools("max_pool") | adaptive_pools("adaptive_max_pool"))
    return Call(name, [call(draw.distinct_arrays(like.shape, "float64"))], options)


@given(distinct())
def test_second_derivatives(call: Call) -> None:
    pool = getattr(autograd, call.name)
    check_grads(lambda x: pool(x, **call.options), *call.arrays, order=2)
    check_grads(lambda x: pool(x, **call.options) ** 3, *call.arrays, order=2)


def test_third_derivatives() -> None:
    x = np.random.default_rng(0).permutation(2 * 3 * 30).reshape(2, 3, 6, 5) / 10
    check_grads(lambda x: autograd.max_pool2d(x, 3, 2, 1) ** 4, x, order=3)


def test_the_first_of_equal_elements_gets_the_gradient() -> None:
    x = tensor([[[1.0, 2.0, 2.0, 0.0, 0.0, 0.0]]], requires_grad=True)
    autograd.max_pool1d(x, 3).sum().backward()
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [[[0, 1, 0, 1, 0, 0]]]


@pytest.mark.parametrize("channels", [1, 3, 40])
def test_windows_that_share_a_winner_add_up(channels: int) -> None:
    x = np.zeros((2, channels, 9, 9), np.float32)
    x[:, :, 4, 4] = 1
    leaf = tensor(x, requires_grad=True)
    autograd.max_pool2d(leaf, 3, 1).sum().backward()
    assert leaf.grad is not None
    assert (leaf.grad.numpy()[:, :, 4, 4] == 9).all()
    assert leaf.grad.numpy().sum() == leaf.shape[0] * channels * 49


def test_the_graph_has_one_node_by_the_functions_name() -> None:
    for n in (1, 2, 3):
        x = tensor(np.zeros((1, 1, *[4] * n)), requires_grad=True)
        node = getattr(autograd, f"max_pool{n}d")(x, 2).node
        assert isinstance(node, Node)
        assert node.primitive.name == f"max_pool{n}d"
        assert node.inputs[0] is x.node
        assert str(node.params["regions"]) == "×".join("2" * n)


def test_neither_images_nor_maxima_are_kept() -> None:
    """A byte for each maximum is all that the gradient needs."""
    x = tensor(np.zeros((2, 3, 8, 8)), requires_grad=True)
    node = autograd.max_pool2d(x, 2).node
    assert isinstance(node, Node)
    assert node.output is None
    assert node.saved is not None
    assert [getattr(part, "nbytes", 0) for part in node.saved] == [0, 2 * 3 * 4 * 4]


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.bool, ">i4"])
def test_maxima_of_integers_and_booleans_are_constants(dtype: Any) -> None:
    x = np.random.default_rng(0).integers(0, 2, (2, 3, 4, 6)).astype(dtype)
    for y in (autograd.max_pool2d(tensor(x), 2), autograd.adaptive_max_pool2d(tensor(x), (2, 3))):
        assert y.dtype == x.dtype
        assert not y.requires_grad
        np.testing.assert_array_equal(y.numpy(), x.reshape(2, 3, 2, 2, 3, 2).max(axis=(3, 5)))


@pytest.mark.parametrize("shape", [(2, 3, 6, 6), (2, 40, 12, 12)])
def test_halves_are_stored_as_halves(shape: tuple[int, ...]) -> None:
    """Nine windows share a winner: their gradients are added in single precision, and rounded once."""
    x = np.zeros(shape, np.float16)
    x[:, :, 2, 2] = 1
    leaf = tensor(x, requires_grad=True)
    y = autograd.max_pool2d(leaf, 3, 1)
    y.backward(np.full(y.shape, 0.1, np.float16))
    assert y.dtype == np.float16
    assert leaf.grad is not None
    assert leaf.grad.dtype == np.float16
    assert (leaf.grad.numpy()[:, :, 2, 2] == np.float16(9 * np.float32(np.float16(0.1)))).all()


@pytest.mark.parametrize("shape", [(0, 3, 4, 4), (2, 0, 4, 4), (0, 4, 4)])
def test_no_images_give_no_maxima(shape: tuple[int, ...]) -> None:
    for pool in (autograd.max_pool2d, autograd.adaptive_max_pool2d):
        x = tensor(np.zeros(shape), requires_grad=True)
        y = pool(x, 2)
        y.sum().backward()
        assert y.shape == (*shape[:-2], 2, 2)
        assert x.grad is not None
        assert x.grad.shape == shape


def test_global_pooling_is_adaptive_pooling_to_one() -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 4))
    np.testing.assert_array_equal(autograd.adaptive_max_pool2d(x, 1), x.max(axis=(2, 3), keepdims=True))


def test_nothing_is_recorded_without_grad_mode() -> None:
    x = tensor(np.zeros((1, 1, 4, 4)), requires_grad=True)
    with no_grad():
        assert autograd.max_pool2d(x, 2).node is None


@pytest.mark.parametrize("channels", [1, 2, 16, 40])
@pytest.mark.parametrize("arrange", [np.ascontiguousarray, lambda x: np.moveaxis(np.moveaxis(x, 1, -1).copy(), -1, 1)])
def test_gradients_may_lie_in_memory_in_another_way(channels: int, arrange: Any) -> None:
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=(2, channels, 8, 6)), rng.normal(size=(2, channels, 4, 3))
    leaf = tensor(arrange(x), requires_grad=True)
    y = autograd.max_pool2d(leaf, 2)
    expected = np.where(x == np.kron(y.numpy(), np.ones((2, 2))), np.kron(g, np.ones((2, 2))), 0)
    for layout_of in (
        np.ascontiguousarray,
        np.asfortranarray,
        lambda g: np.moveaxis(np.moveaxis(g, 1, -1).copy(), -1, 1),
    ):
        [gx] = pullback([y], [leaf], [layout_of(g)], retain_graph=True)
        np.testing.assert_array_equal(gx.numpy(), expected)
