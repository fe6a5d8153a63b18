"""One kernel computes several operations only if nobody can see what lies between them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tapegrad.autograd import conv2d, max_pool2d, pullback, relu
from tapegrad.autograd.kernels import convolution

from .fused import CHAIN, Arrays, assert_same, drawn, kernel_of, pooled_apart


@pytest.fixture
def arrays() -> Arrays:
    return drawn((2, 3, 8, 7), (4, 3, 3, 3))


@pytest.mark.parametrize("held", ["convolution", "relu", "both"])
def test_what_is_held_is_computed_and_has_its_gradient(arrays: Arrays, held: str) -> None:
    h = conv2d(*arrays)
    r = relu(h)
    y = max_pool2d(r, 2)
    expected = pooled_apart(*arrays)
    kept = {"convolution": [h], "relu": [r], "both": [h, r]}[held]
    del h, r

    assert kernel_of(y) is None
    g = np.random.default_rng(1).standard_normal(y.shape)
    arrived = pullback([y], kept, [g], retain_graph=True)
    let_through = {"convolution": [y.numpy() > 0], "relu": [g], "both": [y.numpy() > 0, g]}[held]
    for found, passed in zip(arrived, let_through, strict=True):
        assert np.count_nonzero(found.numpy()) == np.count_nonzero(passed)
    assert_same(y, expected, arrays)


@pytest.mark.parametrize("where", ["convolution", "relu"])
def test_hooks_see_their_gradient(arrays: Arrays, where: str) -> None:
    seen: list[Any] = []
    h = conv2d(*arrays)
    r = relu(h)
    (h if where == "convolution" else r).register_hook(lambda g: seen.append(g.numpy()))
    y = max_pool2d(r, 2)
    del h, r

    y.sum().backward()

    [g] = seen
    assert kernel_of(y) is None
    assert np.count_nonzero(g) == (np.count_nonzero(y.numpy() > 0) if where == "convolution" else y.size)


def test_a_hook_on_the_result_changes_nothing_about_the_kernel(arrays: Arrays) -> None:
    seen: list[Any] = []
    y = max_pool2d(relu(conv2d(*arrays)), 2)
    y.register_hook(lambda g: seen.append(g.shape))

    y.sum().backward()

    assert kernel_of(y) == CHAIN
    assert seen == [y.shape]


def test_two_results_of_one_convolution(arrays: Arrays) -> None:
    h = conv2d(*arrays)
    one, other = max_pool2d(relu(h), 2), max_pool2d(h, 2)
    del h

    assert kernel_of(one) is None
    assert kernel_of(other) is None
    np.testing.assert_array_equal(one.numpy(), np.maximum(other.numpy(), 0))


def test_what_is_added_to_a_promise_is_not_in_what_was_made_of_it(arrays: Arrays) -> None:
    expected = pooled_apart(*arrays).numpy()
    r = relu(conv2d(*arrays))
    y = max_pool2d(r, 2)

    r += 1

    np.testing.assert_array_equal(y.numpy(), expected)
    np.testing.assert_allclose(max_pool2d(r, 2).numpy(), expected + 1)


def test_a_kernel_that_fails_leaves_the_graph_as_it_was(arrays: Arrays, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who holds the error holds the promises that it came through: they are computed one by one then."""
    expected = pooled_apart(*arrays)
    y = max_pool2d(relu(conv2d(*arrays)), 2)
    with monkeypatch.context() as patch:
        patch.setattr(convolution, "convolve_pooled", failing)
        with pytest.raises(MemoryError) as held:
            y.numpy()

    np.testing.assert_allclose(y.numpy(), expected.numpy(), 1e-12)
    assert_same(y, expected, arrays)
    assert held.value is not None


def failing(*args: Any, **options: Any) -> Any:
    raise MemoryError
