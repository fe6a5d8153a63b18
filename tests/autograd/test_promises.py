"""Convolution and relu in one kernel: as if each had been computed alone, and only where nobody sees the difference."""

from __future__ import annotations

import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from tapegrad.autograd import Tensor, conv2d, grad, relu
from tapegrad.autograd.graph import Node
from tapegrad.autograd.testing import check_grads

from .kernels.threads.processes import run
from .kernels.threads.test_processes import FORK, forking


@pytest.fixture
def arrays() -> tuple[Tensor, Tensor, Tensor]:
    """x, weight and bias of a small convolution, all tracked."""
    random = np.random.default_rng(0)
    shapes = (2, 3, 6, 5), (4, 3, 3, 3), (4,)
    x, weight, bias = (Tensor(random.standard_normal(shape), requires_grad=True) for shape in shapes)
    return x, weight, bias


def fused(y: Tensor) -> bool:
    assert isinstance(y.node, Node)
    return hasattr(y.node, "kernel")


def test_computed_when_needed(arrays: Any) -> None:
    y = relu(conv2d(*arrays))

    assert (y.shape, y.dtype, y.ndim) == ((2, 4, 4, 3), np.float64, 4)
    assert hasattr(y, "_promise")
    assert y.numpy().shape == y.shape
    assert y._promise is None


def test_one_kernel_gives_what_two_give(arrays: Any) -> None:
    h = conv2d(*arrays)
    apart = relu(h)
    together = relu(conv2d(*arrays))
    g = np.random.default_rng(1).standard_normal(apart.shape)

    np.testing.assert_array_equal(together.numpy(), apart.numpy())
    assert (fused(together), fused(apart)) == (True, False)
    assert together.node.kernel == ("convolution", "relu")
    assert together.node.kernel is together.node.inputs[0].kernel
    for one, other in zip(
        tg.autograd.pullback([together], arrays, [g]), tg.autograd.pullback([apart], arrays, [g]), strict=True
    ):
        np.testing.assert_array_equal(one.numpy(), other.numpy())


def keep(h: Tensor, kept: list[Any]) -> None:
    kept.append(h)


def watch(h: Tensor, kept: list[Any]) -> None:
    h.register_hook(lambda g: kept.append(g))


def retain(h: Tensor, kept: list[Any]) -> None:
    h.retain_grad()


def use_twice(h: Tensor, kept: list[Any]) -> None:
    kept.append(h * 2)


def use_twice_promised(h: Tensor, kept: list[Any]) -> None:
    kept.append(relu(h))


@pytest.mark.parametrize("see", [keep, watch, retain, use_twice, use_twice_promised])
def test_what_can_be_seen_is_computed_by_itself(arrays: Any, see: Callable[..., None]) -> None:
    kept: list[Any] = []
    h = conv2d(*arrays)
    see(h, kept)
    y = relu(h)
    del h

    y.sum().backward()

    assert not fused(y)
    assert all(leaf.grad is not None for leaf in arrays)
    if see is watch:
        assert kept[0].shape == y.shape


def test_gradients_reach_an_intermediate_result_that_is_held(arrays: Any) -> None:
    h = conv2d(*arrays)
    y = relu(h)
    total = y.sum()

    (g,) = tg.autograd.pullback([total], [h])

    np.testing.assert_array_equal(g.numpy(), (h.numpy() > 0).astype(float))


def test_a_held_result_is_computed_after_the_one_made_from_it(arrays: Any) -> None:
    h = conv2d(*arrays)
    y = relu(h)

    values = y.numpy()

    np.testing.assert_array_equal(values, np.maximum(h.numpy(), 0))


def test_backward_starts_at_a_promise(arrays: Any) -> None:
    y = relu(conv2d(*arrays))

    y.backward(np.ones(y.shape))

    np.testing.assert_allclose(arrays[2].grad.numpy(), (y.numpy() > 0).sum((0, 2, 3)))


def test_weights_changed_before_it_is_computed(arrays: Any) -> None:
    x, weight, bias = arrays
    expected = conv2d(x, weight, bias).numpy()
    y = relu(conv2d(x, weight, bias))

    weight.data[...] = 0
    x.data[...] = 0

    np.testing.assert_array_equal(y.numpy(), np.maximum(expected, 0))


def test_without_recording(arrays: Any) -> None:
    with tg.no_grad():
        y = relu(conv2d(*arrays))
        held = conv2d(*arrays)
        z = relu(held)

    assert y.node is None
    np.testing.assert_array_equal(y.numpy(), z.numpy())
    y.data[...] = 1  # it is a leaf
    assert (y.numpy() == 1).all()


def test_copies_are_computed(arrays: Any) -> None:
    with tg.no_grad():
        y = relu(conv2d(*arrays))

    np.testing.assert_array_equal(copy.deepcopy(y).numpy(), y.numpy())
    assert "tensor(" in repr(relu(conv2d(*arrays)))


def test_second_derivatives(arrays: Any) -> None:
    x, weight, bias = (a.detach() for a in arrays)

    def loss(w: Tensor) -> Tensor:
        total: Tensor = (relu(conv2d(x, w, bias)) ** 2).sum()
        return total

    def slope(w: Tensor) -> Tensor:
        total: Tensor = (grad(loss)(w) ** 2).sum()
        return total

    check_grads(slope, weight.numpy())


def test_many_threads_ask_for_one_promise(arrays: Any) -> None:
    expected = np.maximum(conv2d(*arrays).numpy(), 0)
    for _ in range(20):
        y = relu(conv2d(*arrays))
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(lambda _, y=y: y.numpy(), range(8)))
        assert all((result == expected).all() for result in results)


@forking
def test_a_forked_child_does_not_wait_for_other_threads() -> None:
    code = f"""
{FORK}
from tapegrad.autograd import conv2d, promises, relu, tensor
y = relu(conv2d(tensor(np.ones((1, 1, 3, 3))), tensor(np.ones((1, 1, 2, 2)))))
inside, leave = threading.Event(), threading.Event()
def compute():
    with promises._keeping:
        inside.set()
        leave.wait()
thread = threading.Thread(target=compute)
thread.start()
inside.wait()
status = in_child(lambda: y.numpy()[0, 0, 0, 0] == 4 or os._exit(2))
leave.set()
thread.join()
print(status)
"""
    assert run(code) == (0, "0", "")


def test_nothing_is_left_of_what_nobody_asked_for(arrays: Any) -> None:
    import gc
    import weakref

    gc.disable()
    try:
        y = relu(conv2d(*arrays))
        node = weakref.ref(y.node)
        del y
        assert node() is None
    finally:
        gc.enable()
