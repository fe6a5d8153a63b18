"""Convolutions as users call them, against PyTorch: values and all gradients, over all options."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from tapegrad import autograd, tensor
from tapegrad.autograd.testing import check_adjoint, check_grads, strategies as draw

from .calls import Call, convolutions, of_each, transposed_convolutions

many = settings(max_examples=settings().max_examples * 8)
same_with_even_kernels = pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")
ANY = ("float32", "float64", "complex64", "complex128")


def assert_like_torch(call: Call) -> None:
    """The values, and the gradients by all arguments."""
    ours = [tensor(x, requires_grad=True, copy=None) for x in call.arrays]
    theirs = [torch.tensor(np.array(x, order="C"), requires_grad=True) for x in call.arrays]

    y = getattr(autograd, call.name)(*ours, **call.options)
    expected = getattr(torch.nn.functional, call.name)(*theirs, **call.options)
    real, imaginary = np.random.default_rng(0).normal(size=(2, *expected.shape))
    g = (real + 1j * imaginary if y.dtype.kind == "c" else real).astype(y.dtype)
    y.backward(g)
    expected.backward(torch.tensor(g))

    tolerance = 1e-12 if y.dtype in (np.float64, np.complex128) else 1e-4
    assert y.shape == tuple(expected.shape)
    np.testing.assert_allclose(y.numpy(), expected.detach().numpy(), tolerance, tolerance)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.grad is not None
        assert other.grad is not None
        assert mine.grad.dtype == mine.dtype
        np.testing.assert_allclose(mine.grad.numpy(), other.grad.numpy(), tolerance, tolerance)


@given(convolutions(ANY))
@many
@same_with_even_kernels
def test_convolution_is_pytorchs(call: Call) -> None:
    assert_like_torch(call)


@given(transposed_convolutions(ANY))
@many
def test_transposed_convolution_is_pytorchs(call: Call) -> None:
    assert_like_torch(call)


@given(convolutions() | transposed_convolutions())
def test_second_derivatives(call: Call) -> None:
    check_grads(lambda *xs: getattr(autograd, call.name)(*xs, **call.options), *call.arrays, order=2)


@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d"])
def test_third_derivatives(name: str) -> None:
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape) for shape in ((2, 2, 5, 4), (2, 2, 2, 3), (2,))]
    check_grads(lambda x, w, b: getattr(autograd, name)(x, w, b, stride=(2, 1), padding=1) ** 2, *arrays, order=3)


@given(st.data())
def test_asymmetric_padding_is_padding_first(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 3))
    width = st.integers(0, 3)
    padding = data.draw(st.tuples(*[width | st.tuples(width, width)] * n))
    x = data.draw(draw.arrays((2, 3, *range(4, 4 + n)), "float64"))
    w = data.draw(draw.arrays((4, 3, *[3] * n), "float64"))
    conv = getattr(autograd, f"conv{n}d")

    y = conv(x, w, stride=2, padding=padding)

    widths = [(0, 0), (0, 0), *(p if isinstance(p, tuple) else (p, p) for p in padding)]
    np.testing.assert_allclose(y, conv(np.pad(x, widths), w, stride=2), 1e-12, 1e-12)
    check_grads(lambda x, w: conv(x, w, stride=2, padding=padding), x, w, order=1)


def test_same_of_an_even_kernel_pads_more_after() -> None:
    x = np.arange(1.0, 5).reshape(1, 1, 4)
    assert autograd.conv1d(x, np.array([[[1.0, 10.0]]]), padding="same").tolist() == [[[21, 32, 43, 4]]]


@given(convolutions(("float64",)).filter(lambda call: not isinstance(call.options["padding"], str)))
def test_the_transposed_is_the_adjoint(call: Call) -> None:
    """<conv x, y> = <x, conv_transpose y>, with one weight and one set of options."""
    conv = partial(getattr(autograd, call.name), **call.options)
    back = partial(getattr(autograd, call.name.replace("conv", "conv_transpose")), **call.options)
    x, w = call.arrays[:2]
    n = w.ndim - 2
    stride, padding, dilation = (of_each(call.options[name], n) for name in ("stride", "padding", "dilation"))
    along = zip(x.shape[-n:], w.shape[2:], stride, padding, dilation, strict=True)
    more = tuple((size + 2 * p - d * (k - 1) - 1) % s for size, k, s, p, d in along)  # where the kernel does not come
    check_adjoint(lambda x: conv(x, w), lambda y: back(y, w, output_padding=more), x)


@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d"])
@pytest.mark.parametrize(("samples", "into", "out"), [(0, 2, 3), (2, 0, 3), (2, 3, 0), (0, 0, 0)])
def test_sums_over_nothing_are_zero(name: str, samples: int, into: int, out: int) -> None:
    shape = (out, into, 2, 2) if name == "conv2d" else (into, out, 2, 2)
    arrays = [np.ones((samples, into, 4, 5)), np.ones(shape), np.full(out, 7.0)]
    leaves = [tensor(x, requires_grad=True) for x in arrays]

    y = getattr(autograd, name)(*leaves)
    y.sum().backward()

    assert y.shape == (samples, out, *((3, 4) if name == "conv2d" else (5, 6)))
    assert (y.numpy() == 7).all()
    for leaf in leaves:
        assert leaf.grad is not None
        assert leaf.grad.shape == leaf.shape
    assert leaves[0].grad is not None
    assert leaves[1].grad is not None
    assert (leaves[0].grad.numpy() == 0).all()
    assert (leaves[1].grad.numpy() == 0).all()


@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d"])
def test_halves_are_stored_as_halves_and_computed_in_single_precision(name: str) -> None:
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape).astype(np.float16) for shape in [(2, 64, 6, 6), (64, 64, 3, 3), (64,)]]
    halves = [tensor(x, requires_grad=True) for x in arrays]
    singles = [tensor(x.astype(np.float32), requires_grad=True) for x in arrays]

    y, exact = (getattr(autograd, name)(*leaves) for leaves in (halves, singles))
    y.backward(np.ones(y.shape, np.float16))
    exact.backward(np.ones(y.shape, np.float32))

    assert y.dtype == np.float16
    np.testing.assert_allclose(y.numpy(), exact.numpy(), 2e-3, 2e-3)
    for half, single in zip(halves, singles, strict=True):
        assert half.grad is not None
        assert single.grad is not None
        assert half.grad.dtype == np.float16
        np.testing.assert_allclose(half.grad.numpy(), single.grad.numpy(), 2e-3, 2e-3)


@pytest.mark.parametrize(
    ("x", "w", "b", "y"),
    [
        ("float32", "float64", "float64", "float64"),
        ("float16", "float32", "float32", "float32"),
        ("float32", "float32", "float64", "float64"),
        ("float16", "float16", "float32", "float32"),
        ("float32", "complex64", "float32", "complex64"),
        ("uint8", "float32", "float32", "float32"),
        ("bool", "float32", "float32", "float32"),
        ("int64", "int32", "int32", "int64"),
    ],
)
def test_dtypes_are_promoted_as_numpy_does(x: str, w: str, b: str, y: str) -> None:
    """And each gradient has the dtype of its own argument."""
    arrays = [np.ones((1, 2, 3, 3), x), np.ones((4, 2, 2, 2), w), np.ones(4, b)]
    leaves = [tensor(array, requires_grad=array.dtype.kind in "fc") for array in arrays]

    result = autograd.conv2d(leaves[0], leaves[1], leaves[2])

    assert result.dtype == y
    assert (result.numpy() == 9).all()
    if result.requires_grad:
        result.backward(np.ones(result.shape, y))
    for leaf, counts in zip(
        leaves, (np.array([[4, 8, 4], [8, 16, 8], [4, 8, 4]]), np.array(4), np.array(4)), strict=True
    ):
        if leaf.requires_grad:
            assert leaf.grad is not None
            assert leaf.grad.dtype == leaf.dtype
            np.testing.assert_array_equal(leaf.grad.numpy(), np.broadcast_to(counts, leaf.shape))


def test_on_arrays_it_is_a_function_of_arrays() -> None:
    x, w, b = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), np.ones(1)
    assert type(autograd.conv2d(x, w, b)) is np.ndarray
    assert autograd.conv2d(x, w, b).tolist() == [[[[5, 5], [5, 5]]]]
    assert autograd.conv1d([[1, 2, 3]], [[[1, 1]]]).tolist() == [[3, 5]]
    assert autograd.conv_transpose1d([[1, 2]], [[[1, 1]]], [1]).tolist() == [[2, 4, 3]]


def test_a_constant_weight_gets_no_gradient() -> None:
    x, w = tensor(np.ones((1, 1, 3)), requires_grad=True), tensor(np.ones((1, 1, 2)))
    autograd.conv1d(x, w).sum().backward()
    assert w.grad is None
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [[[1, 2, 1]]]


def test_the_weight_that_is_not_learned_is_not_kept() -> None:
    """A rule keeps the weight for the gradient of x, and x for that of the weight; nobody keeps the bias."""
    x, w, b = (np.ones(shape) for shape in [(1, 1, 3), (1, 1, 2), (1,)])
    y = autograd.conv1d(tensor(x), tensor(w), tensor(b, requires_grad=True))
    assert not any(isinstance(kept, np.ndarray) for kept in y.node.saved)
    y = autograd.conv1d(tensor(x, requires_grad=True), tensor(w))
    assert [isinstance(kept, np.ndarray) for kept in y.node.saved] == [False, True]
