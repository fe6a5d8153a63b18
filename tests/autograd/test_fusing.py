"""Convolution, relu and max pooling in one kernel: as if each had been computed alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

import tapegrad as tg
from tapegrad.autograd import (
    Tensor,
    adaptive_max_pool2d,
    conv1d,
    conv2d,
    conv3d,
    grad,
    max_pool1d,
    max_pool2d,
    max_pool3d,
    pullback,
    relu,
)
from tapegrad.autograd.testing import check_grads

from .fused import CHAIN, Arrays, assert_same, drawn, kernel_of, pooled_apart

many = settings(max_examples=settings().max_examples * 4)


@pytest.fixture
def arrays() -> Arrays:
    return drawn((2, 3, 8, 7), (4, 3, 3, 3))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(
    size=st.tuples(st.integers(1, 3), st.sampled_from((1, 2, 17)), st.integers(4, 9), st.integers(4, 9)),
    outputs=st.sampled_from((1, 3, 16, 33)),
    options=st.fixed_dictionaries(
        {"padding": st.integers(0, 2), "stride": st.sampled_from((1, 1, 2)), "dilation": st.sampled_from((1, 1, 2))}
    ),
    seed=st.integers(0, 99),
)
@many
def test_one_kernel_gives_what_three_give(dtype: Any, size: Any, outputs: int, options: Any, seed: int) -> None:
    arguments = drawn(size, (outputs, size[1], 2, 2), dtype, seed)
    assume(min(conv2d(*arguments, **options).shape[2:]) > 1)
    together = max_pool2d(relu(conv2d(*arguments, **options)), 2)

    assert kernel_of(together) == CHAIN
    assert_same(together, pooled_apart(*arguments, **options), arguments)


def test_by_winograd() -> None:
    arguments = drawn((2, 16, 14, 13), (32, 16, 3, 3), np.float32)
    together = max_pool2d(relu(conv2d(*arguments, padding=1)), 2)

    assert kernel_of(together) == CHAIN
    assert_same(together, pooled_apart(*arguments, padding=1), arguments, 1e-4)


def test_channel_by_channel() -> None:
    arguments = drawn((2, 5, 9, 8), (5, 1, 3, 3), np.float32)
    together = max_pool2d(relu(conv2d(*arguments, groups=5)), 2)

    assert kernel_of(together) == CHAIN
    assert_same(together, pooled_apart(*arguments, groups=5), arguments)


def test_without_relu(arrays: Arrays) -> None:
    h = conv2d(*arrays)
    apart = max_pool2d(h, 2)
    together = max_pool2d(conv2d(*arrays), 2)

    assert (kernel_of(together), kernel_of(apart)) == (("convolution", "max_pool2d"), None)
    assert (together.numpy() < 0).any()
    assert_same(together, apart, arrays)


def test_without_bias(arrays: Arrays) -> None:
    x, weight, bias = arrays
    together = max_pool2d(relu(conv2d(x, weight)), 2)

    assert kernel_of(together) == ("convolution_without_bias", "relu", "max_pool2d")
    assert_same(together, pooled_apart(x, weight, None), (x, weight, bias))


OTHERS: dict[str, Callable[[Any], Any]] = {
    "windows of another size": lambda y: max_pool2d(y, 3),
    "another stride": lambda y: max_pool2d(y, 2, 1),
    "padding": lambda y: max_pool2d(y, 2, padding=1),
    "dilation": lambda y: max_pool2d(y, 2, dilation=2),
    "a last window that reaches over the end": lambda y: max_pool2d(y, 2, ceil_mode=True),
    "regions that follow the result": lambda y: adaptive_max_pool2d(y, (3, 2)),
    "indices": lambda y: max_pool2d(y, 2, return_indices=True)[0],
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_pooling_comes_after_convolution_and_relu(arrays: Arrays, name: str) -> None:
    pool = OTHERS[name]
    y = relu(conv2d(*arrays))
    apart, together = pool(y), pool(relu(conv2d(*arrays)))

    assert kernel_of(together) is None
    assert together.node.inputs[0].kernel == ("convolution", "relu")
    assert_same(together, apart, arrays)


def test_windows_that_happen_to_fit_go_along(arrays: Arrays) -> None:
    """The last window of ceil_mode, where the size is even."""
    x, weight, bias = arrays
    y = max_pool2d(relu(conv2d(x[..., :6], weight, bias)), (2, 2), ceil_mode=True)
    assert kernel_of(y) == CHAIN


def test_a_sequence_is_no_image() -> None:
    """(N, O, L) of conv1d pooled as an image (C, H, W), and the others pooled along their own axes."""
    line, flat, solid = (drawn((4, 2, *[6] * n), (3, 2, *[2] * n)) for n in (1, 2, 3))
    pairs: list[tuple[Arrays, Callable[..., Any], Callable[..., Any], Any]] = [
        (line, conv1d, max_pool2d, 2),
        (line, conv1d, max_pool1d, 2),
        (flat, conv2d, max_pool3d, (1, 2, 2)),
        (solid, conv3d, max_pool3d, 2),
    ]
    for arguments, convolve, pool, size in pairs:
        y = relu(convolve(*arguments))
        apart, together = pool(y, size), pool(relu(convolve(*arguments)), size)
        assert kernel_of(together) is None
        assert_same(together, apart, arguments)


def test_an_image_without_a_batch(arrays: Arrays) -> None:
    x, weight, bias = arrays
    expected = max_pool2d(relu(conv2d(x, weight, bias)), 2)[0]
    y = max_pool2d(relu(conv2d(x[0], weight, bias)), 2)

    np.testing.assert_allclose(y.numpy(), expected.numpy(), 1e-12)


def test_second_derivatives(arrays: Arrays) -> None:
    x, weight, bias = (a.detach() for a in arrays)

    def loss(w: Tensor) -> Tensor:
        total: Tensor = (max_pool2d(relu(conv2d(x, w, bias)), 2) ** 2).sum()
        return total

    def slope(w: Tensor) -> Tensor:
        total: Tensor = (grad(loss)(w) ** 2).sum()
        return total

    check_grads(slope, weight.numpy())


def test_gradients_that_can_be_differentiated_are_the_same(arrays: Arrays) -> None:
    values = []
    for pooled in (lambda: max_pool2d(relu(conv2d(*arrays)), 2), lambda: pooled_apart(*arrays)):
        gradients = pullback([(pooled() ** 3).sum()], arrays, create_graph=True)
        total = (gradients[0] ** 2).sum() + (gradients[1] ** 2).sum() + (gradients[2] ** 2).sum()
        values.append(pullback([total], arrays))

    for ours, expected in zip(*values, strict=True):
        np.testing.assert_allclose(ours.numpy(), expected.numpy(), 1e-9)


def test_without_recording(arrays: Arrays) -> None:
    expected = pooled_apart(*arrays)
    with tg.no_grad():
        y = max_pool2d(relu(conv2d(*arrays)), 2)

    assert y.node is None
    np.testing.assert_allclose(y.numpy(), expected.numpy(), 1e-12)


def test_arrays_alone(arrays: Arrays) -> None:
    x, weight, bias = (a.numpy() for a in arrays)
    y = max_pool2d(relu(conv2d(x, weight, bias)), 2)

    assert isinstance(y, np.ndarray)
    np.testing.assert_allclose(y, pooled_apart(*arrays).numpy(), 1e-12)


def test_nan_and_ties(arrays: Arrays) -> None:
    """NaN reaches the result and nobody's gradient; of equal elements the first has won; zero is not positive."""
    x = np.zeros((1, 1, 4, 4))
    x[0, 0, 0, 3], x[0, 0, 2:, :2] = np.nan, 5
    x[0, 0, 3, 3] = -1
    weight = Tensor(np.ones((1, 1, 1, 1)), requires_grad=True)
    tracked = Tensor(x, requires_grad=True)
    together = max_pool2d(relu(conv2d(tracked, weight)), 2)

    np.testing.assert_array_equal(together.numpy(), [[[[0, np.nan], [5, 0]]]])
    (gx,) = pullback([together], [tracked], [np.full((1, 1, 2, 2), 3.0)])
    assert np.argwhere(gx.numpy()).tolist() == [[0, 0, 2, 0]]
