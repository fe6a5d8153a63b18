"""Cross-entropy of labels: what is no label, and what large numbers do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import DTypeError, ShapeError
from tapegrad.autograd.testing import check_grads


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


X = np.zeros((200, 3))  # large enough for the kernel


@pytest.mark.parametrize("x", [X[:2], X])
@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda n: np.full(n, 0.5), DTypeError, "labels must be integers, got float64"),
        (lambda n: np.zeros(n, bool), DTypeError, "labels must be integers, got bool"),
        (lambda n: np.zeros(n - 1, int), ShapeError, "needs class indices of shape"),
        (lambda n: np.zeros((n, 1), int), ShapeError, r"needs class indices of shape .*, 1\)"),
        (lambda n: 0, ShapeError, r"needs class indices of shape .*, got \(\)"),
        (lambda n: np.full(n, 3), ValueError, r"class index 3 is outside \[0, 3\)"),
        (lambda n: np.arange(n) - 1, ValueError, r"class index -1 is outside \[0, 3\)"),
    ],
)
def test_what_is_no_label(x: Any, make: Any, error: type[Exception], message: str) -> None:
    for each in (x, leaf(x)):
        with pytest.raises(error, match=message):
            autograd.softmax_cross_entropy(each, make(len(x)))


def test_reductions() -> None:
    x, labels = leaf(X[:4]), np.array([0, 1, 2, 0])
    ln3 = pytest.approx(np.log(3))
    assert autograd.softmax_cross_entropy(x, labels).item() == ln3
    assert autograd.softmax_cross_entropy(x, labels, "sum").item() == pytest.approx(4 * np.log(3))
    assert autograd.softmax_cross_entropy(x, labels, "none").numpy().tolist() == [ln3] * 4
    with pytest.raises(ValueError, match="reduction must be 'none', 'mean' or 'sum', got 'avg'"):
        autograd.softmax_cross_entropy(x, labels, "avg")


@pytest.mark.parametrize("rows", [2, 300])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_overflows(rows: int, dtype: Any) -> None:
    x = leaf(np.tile(np.array([1e4, -1e4, 0], dtype), (rows, 1)))
    losses = autograd.softmax_cross_entropy(x, np.arange(rows) % 2, "none")
    assert losses.numpy()[:2].tolist() == [0, 2e4]
    losses.sum().backward()
    assert x.grad is not None
    assert x.grad.numpy()[:2].tolist() == [[0, 0, 0], [1, -1, 0]]


@given(st.integers(1, 40), st.integers(1, 30), st.integers(0, 99))
@settings(max_examples=max(settings().max_examples // 4, 10))
def test_kernel_and_composition_agree(rows: int, classes: int, seed: int) -> None:
    """Two routes to one loss, on either side of the size from which the kernel is used."""
    rng = np.random.default_rng(seed)
    x, labels = rng.normal(size=(rows, classes)), rng.integers(0, classes, rows)
    a, b = leaf(x), leaf(x)
    one = autograd.softmax_cross_entropy(a, labels)
    other = -autograd.log_softmax(b)[np.arange(rows), labels].mean()
    one.backward()
    other.backward()
    assert one.item() == pytest.approx(other.item(), rel=1e-12)
    assert a.grad is not None
    assert b.grad is not None
    np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_second_order_through_the_kernel() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 5, 60)
    check_grads(lambda x: autograd.softmax_cross_entropy(x, labels), rng.normal(size=(60, 5)))
