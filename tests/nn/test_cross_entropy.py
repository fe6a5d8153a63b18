"""Cross-entropy: class indices or probabilities, three reductions, the softmax - one-hot gradient, and bad targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import DTypeError, ShapeError
from tapegrad.autograd.testing import check_grads
from tapegrad.nn import functional as F

LOGITS = np.random.default_rng(0).normal(size=(5, 3))
LABELS = np.array([0, 2, 1, 1, 0])
REDUCTIONS: dict[str, Callable[[Any], Any]] = {"mean": np.mean, "sum": np.sum, "none": np.asarray}


def one_hot(labels: NDArray[Any], classes: int) -> Any:
    return np.eye(classes)[labels]


def softmax(x: NDArray[Any]) -> Any:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_class_indices(reduction: str) -> None:
    losses = -np.log(softmax(LOGITS)[np.arange(5), LABELS])

    loss = F.cross_entropy(tg.tensor(LOGITS), LABELS, reduction=reduction)

    np.testing.assert_allclose(loss.numpy(), REDUCTIONS[reduction](losses), rtol=1e-13)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_one_hot_is_the_same_as_indices(reduction: str) -> None:
    x = tg.tensor(LOGITS)

    by_indices = F.cross_entropy(x, LABELS, reduction=reduction)
    by_one_hot = F.cross_entropy(x, one_hot(LABELS, 3), reduction=reduction)

    np.testing.assert_allclose(by_one_hot.numpy(), by_indices.numpy(), rtol=1e-13)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_probabilities(reduction: str) -> None:
    target = softmax(np.random.default_rng(1).normal(size=(5, 3)))
    losses = -(np.log(softmax(LOGITS)) * target).sum(axis=1)

    loss = F.cross_entropy(tg.tensor(LOGITS), target, reduction=reduction)

    np.testing.assert_allclose(loss.numpy(), REDUCTIONS[reduction](losses), rtol=1e-13)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_one_sample_without_an_axis(reduction: str) -> None:
    by_index = F.cross_entropy(tg.tensor(LOGITS[1]), 2, reduction=reduction)
    by_one_hot = F.cross_entropy(tg.tensor(LOGITS[1]), one_hot(np.array(2), 3), reduction=reduction)

    assert by_index.shape == by_one_hot.shape == ()
    np.testing.assert_allclose([by_index.item(), by_one_hot.item()], [-np.log(softmax(LOGITS[1])[2])] * 2, rtol=1e-13)


@pytest.mark.parametrize(
    "labels",
    [LABELS.tolist(), LABELS.astype(np.uint8), LABELS.astype(np.int8), tg.tensor(LABELS), LABELS[:, None][:, 0]],
)
def test_labels_of_any_integer_kind(labels: Any) -> None:
    loss = F.cross_entropy(tg.tensor(LOGITS), labels)

    assert loss.item() == F.cross_entropy(tg.tensor(LOGITS), LABELS).item()


@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.floats(-50, 50)), st.data())
def test_the_gradient_is_softmax_without_one_hot(logits: NDArray[np.float64], data: st.DataObject) -> None:
    n, classes = logits.shape
    labels = data.draw(hnp.arrays(np.int64, n, elements=st.integers(0, classes - 1)))
    expected = softmax(logits) - one_hot(labels, classes)

    for target in (labels, one_hot(labels, classes)):
        x = tg.tensor(logits, requires_grad=True)
        F.cross_entropy(x, target, reduction="sum").backward()
        assert x.grad is not None
        np.testing.assert_allclose(x.grad.numpy(), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("target", [LABELS, one_hot(LABELS, 3), softmax(LOGITS[::-1])], ids=["indices", "1-hot", "p"])
def test_derivatives(reduction: str, target: Any) -> None:
    check_grads(lambda x: F.cross_entropy(x, target, reduction=reduction), LOGITS)


def test_derivatives_by_probabilities() -> None:
    check_grads(F.cross_entropy, LOGITS, softmax(LOGITS[::-1]))


def test_derivatives_of_one_sample() -> None:
    check_grads(lambda x: F.cross_entropy(x, 1), LOGITS[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("probabilities", [False, True])
def test_huge_logits(dtype: Any, probabilities: bool) -> None:
    logits = np.array([[1e4, 0, -1e4], [-1e4, 1e4, 1e4], [0, -1e4, 1e4]], dtype)
    labels = np.array([0, 1, 1])
    x = tg.tensor(logits, requires_grad=True)

    losses = F.cross_entropy(x, one_hot(labels, 3).astype(dtype) if probabilities else labels, reduction="none")
    losses.sum().backward()

    assert losses.dtype == dtype
    np.testing.assert_allclose(losses.numpy(), [0, np.log(2), 2e4], rtol=1e-6)
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), [[0.0, 0.0, 0.0], [0.0, -0.5, 0.5], [0.0, -1.0, 1.0]], atol=1e-6)


def test_the_loss_of_no_opinion_is_ln_of_the_classes() -> None:
    assert F.cross_entropy(tg.tensor(np.zeros((4, 10))), [1, 2, 3, 4]).item() == pytest.approx(np.log(10))


def test_labels_changed_after_the_call_change_nothing() -> None:
    x = tg.tensor(LOGITS, requires_grad=True)
    labels = LABELS.copy()
    loss = F.cross_entropy(x, labels, reduction="sum")
    labels[:] = 0
    loss.backward()

    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), softmax(LOGITS) - one_hot(LABELS, 3), rtol=1e-12, atol=1e-14)


def test_the_module_is_the_function() -> None:
    x = tg.tensor(LOGITS)

    assert nn.CrossEntropyLoss()(x, LABELS).item() == F.cross_entropy(x, LABELS).item()
    assert nn.CrossEntropyLoss(reduction="none")(x, LABELS).shape == (5,)
    assert repr(nn.CrossEntropyLoss(reduction="sum")) == "CrossEntropyLoss(reduction='sum')"


BAD = [
    (LOGITS, [0, 1, 2, 3, 0], ValueError, r"class index 3 is outside \[0, 3\); the input has 3 classes"),
    (LOGITS, [0, 1, 2, -1, 0], ValueError, r"class index -1 is outside \[0, 3\)"),
    (LOGITS, np.array([0, 255, 2, 1, 0], np.uint8), ValueError, r"class index 255 is outside"),
    (LOGITS, [2**62, 0, 0, 0, 0], ValueError, rf"class index {2**62} is outside"),
    (LOGITS, [0, 1], ShapeError, r"input \(5, 3\) needs class indices of shape \(5,\), got \(2,\)"),
    (LOGITS, LABELS[:, None], ShapeError, r"needs class indices of shape \(5,\), got \(5, 1\)"),
    (LOGITS, 1, ShapeError, r"needs class indices of shape \(5,\), got \(\)"),
    (LOGITS, LABELS.astype(float), ShapeError, r"input \(5, 3\) and target \(5,\) .*class indices are integers"),
    (LOGITS, one_hot(LABELS, 4), ShapeError, r"input \(5, 3\) and target \(5, 4\) must have one shape"),
    (LOGITS, LABELS.astype(bool), DTypeError, r"integer classes or floating probabilities, got bool"),
    (LOGITS, LABELS.astype(complex), DTypeError, r"integer classes or floating probabilities, got complex128"),
    (LOGITS, ["0"] * 5, DTypeError, r"integer classes or floating probabilities, got <U1"),
    (LOGITS, None, DTypeError, r"integer classes or floating probabilities, got object"),
    (LOGITS[None], LABELS[None], ShapeError, r"input \(1, 5, 3\) needs class indices of shape \(1, 3\), got \(1, 5\)"),
    (LOGITS[0, 0], 0, ShapeError, r"logits must be \(N, C\), \(N, C, d1, ...\) or \(C,\), got \(\)"),
]


@pytest.mark.parametrize(("logits", "target", "error", "message"), BAD)
def test_bad_input(logits: Any, target: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        F.cross_entropy(tg.tensor(logits), target)


@pytest.mark.parametrize("wrong", [3, -1, 2**62, -(2**62)])
@pytest.mark.parametrize("row", [0, 199])
def test_a_bad_label_in_a_large_batch(wrong: int, row: int) -> None:
    logits = np.tile(LOGITS, (40, 1))
    labels = np.tile(LABELS, 40)
    labels[row] = wrong

    with pytest.raises(ValueError, match=rf"class index {wrong} is outside \[0, 3\)"):
        F.cross_entropy(tg.tensor(logits), labels)


@pytest.mark.parametrize("target", [LABELS, one_hot(LABELS, 3)])
def test_an_unknown_reduction(target: Any) -> None:
    with pytest.raises(ValueError, match="reduction must be 'mean', 'sum' or 'none', got 'avg'"):
        F.cross_entropy(tg.tensor(LOGITS), target, reduction="avg")
    with pytest.raises(ValueError, match="CrossEntropyLoss: reduction must be"):
        nn.CrossEntropyLoss(reduction="avg")
