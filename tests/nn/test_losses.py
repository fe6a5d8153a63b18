"""Mean squared error, and the negative log-likelihood of log-probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import DTypeError, ShapeError
from tapegrad.autograd.testing import check_grads
from tapegrad.nn import functional as F

REDUCTIONS: dict[str, Callable[[Any], Any]] = {"mean": np.mean, "sum": np.sum, "none": np.asarray}
X = np.random.default_rng(0).normal(size=(5, 3))
Y = np.random.default_rng(1).normal(size=(5, 3))
LABELS = np.array([0, 2, 1, 1, 0])


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("shape", [(), (3,), (5, 3), (2, 1, 4)])
def test_squared_error(reduction: str, shape: tuple[int, ...]) -> None:
    x, y = np.random.default_rng(0).normal(size=(2, *shape))

    loss = F.mse_loss(tg.tensor(x), y, reduction)

    np.testing.assert_allclose(loss.numpy(), REDUCTIONS[reduction]((x - y) ** 2), rtol=1e-13)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_derivatives_of_the_squared_error(reduction: str) -> None:
    check_grads(lambda x, y: F.mse_loss(x, y, reduction), X, Y)


@pytest.mark.parametrize("target", [Y, Y.tolist(), tg.tensor(Y), Y.astype(np.float32)])
def test_targets_of_any_kind(target: Any) -> None:
    assert F.mse_loss(tg.tensor(X), target).item() == pytest.approx(np.mean((X - Y) ** 2), rel=1e-6)


def test_float32_stays_float32() -> None:
    x = tg.tensor(X, dtype=np.float32, requires_grad=True)
    loss = F.mse_loss(x, Y.astype(np.float32))
    loss.backward()

    assert loss.dtype == np.float32
    assert x.grad is not None
    assert x.grad.dtype == np.float32


@pytest.mark.parametrize("target", [Y[:, 0], Y[:1], Y[:, :, None], 0.0, [[1.0, 2.0, 3.0]]])
def test_nothing_is_broadcast(target: Any) -> None:
    with pytest.raises(
        ShapeError, match=r"mse_loss: input \(5, 3\) and target \(.*\) must have one shape; broadcasting"
    ):
        F.mse_loss(tg.tensor(X), target)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_negative_log_likelihood(reduction: str) -> None:
    loss = F.nll_loss(tg.tensor(X), LABELS, reduction=reduction)

    np.testing.assert_allclose(loss.numpy(), REDUCTIONS[reduction](-X[np.arange(5), LABELS]), rtol=1e-13)
    check_grads(lambda x: F.nll_loss(x, LABELS, reduction=reduction), X)


def test_one_sample_without_an_axis() -> None:
    assert F.nll_loss(tg.tensor(X[0]), 2).item() == -X[0, 2]


def test_log_softmax_and_nll_are_cross_entropy() -> None:
    x = tg.tensor(X)

    assert F.nll_loss(F.log_softmax(x), LABELS).item() == pytest.approx(F.cross_entropy(x, LABELS).item(), rel=1e-14)


@pytest.mark.parametrize(
    ("x", "labels", "error", "message"),
    [
        (X, [0, 1, 2, 3, 0], ValueError, r"class index 3 is outside \[0, 3\)"),
        (X, [0, 1, -2, 1, 0], ValueError, r"class index -2 is outside \[0, 3\)"),
        (X, [0, 1], ShapeError, r"nll_loss: input \(5, 3\) needs class indices of shape \(5,\), got \(2,\)"),
        (X, LABELS.astype(float), DTypeError, r"nll_loss: class indices must be integers, got float64"),
        (np.zeros((3, 3, 2)), np.zeros((3, 3), int), ShapeError, r"class indices of shape \(3, 2\), got \(3, 3\)"),
    ],
)
def test_bad_labels(x: Any, labels: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        F.nll_loss(tg.tensor(x), labels)


@pytest.mark.parametrize(
    "loss", [lambda r: F.mse_loss(tg.tensor(X), Y, r), lambda r: F.nll_loss(tg.tensor(X), LABELS, reduction=r)]
)
def test_an_unknown_reduction(loss: Callable[[str], Any]) -> None:
    with pytest.raises(ValueError, match="reduction must be 'mean', 'sum' or 'none', got 'avg'"):
        loss("avg")


def test_the_module_is_the_function() -> None:
    x = tg.tensor(X)

    assert nn.MSELoss()(x, Y).item() == F.mse_loss(x, Y).item()
    assert nn.MSELoss("none")(x, Y).shape == (5, 3)
    assert repr(nn.MSELoss()) == "MSELoss(reduction='mean')"
    with pytest.raises(ValueError, match="MSELoss: reduction must be"):
        nn.MSELoss("avg")
