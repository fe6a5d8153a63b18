"""What a model says about a data set."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

import tapegrad as tg
from examples.mnist.report import predict
from tapegrad import nn
from tapegrad.nn.training import DivergedError


class Answers(nn.Module):
    """Says for each image the logits that its first pixels are, and notes how it was asked."""

    def __init__(self, heads: int = 1) -> None:
        self.scale = nn.Parameter(np.ones(()))
        self.heads = heads
        self.asked: list[tuple[bool, bool]] = []

    def forward(self, x: tg.Tensor) -> tg.Tensor | tuple[tg.Tensor, ...]:
        rows = x[:, 0, 0] * self.scale
        self.asked.append((self.training, rows.requires_grad))
        return rows if self.heads == 1 else tuple(rows * sign for sign in (1, -1))


def images(n: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(size=(n, 1, 2, 3)).astype(np.float32)


def test_probabilities_of_all_batches() -> None:
    x, y = images(5), np.array([0, 1, 2, 0, 1])
    model = Answers()
    [said] = predict(model, [(x[:3], y[:3]), (x[3:], y[3:])])

    odds = np.exp(x[:, 0, 0].astype(np.float64))
    np.testing.assert_allclose(said.probabilities, odds / odds.sum(axis=1, keepdims=True), rtol=1e-6)
    np.testing.assert_array_equal(said.labels, y)
    np.testing.assert_array_equal(said.right, x[:, 0, 0].argmax(axis=1) == y)
    assert model.asked == [(False, False)] * 2
    assert model.training


def test_each_head_has_its_labels() -> None:
    x = images(4)
    first, second = predict(Answers(2), [(x, np.zeros(4, int), np.ones(4, int))], ["upper", "lower"])

    assert (first.head, second.head) == ("upper", "lower")
    assert (first.labels == 0).all()
    assert (second.labels == 1).all()
    np.testing.assert_array_equal(second.predicted, x[:, 0, 0].argmin(axis=1))


def test_names_of_classes() -> None:
    batch = [(images(4), np.zeros(4, int))]

    assert predict(Answers(), batch)[0].name(2) == "2"
    assert predict(Answers(), batch, (), ("shirt", "coat", "bag"))[0].name(2) == "bag"


def test_a_model_that_diverged() -> None:
    x = np.full((2, 1, 2, 3), np.nan, np.float32)
    with pytest.raises(DivergedError, match="its training diverged"):
        predict(Answers(), [(x, np.zeros(2, int))])


def test_the_surest_mistakes_come_first() -> None:
    x = images(50)
    [said] = predict(Answers(), [(x, np.zeros(50, int))])

    wrong = np.flatnonzero(x[:, 0, 0].argmax(axis=1) != 0)
    assert sorted(said.mistakes) == list(wrong)
    assert (np.diff(said.confidence[said.mistakes]) <= 0).all()


def test_images_are_shown_between_black_and_white() -> None:
    [said] = predict(Answers(), [(images(5), np.zeros(5, int))])

    assert (said.images.min(), said.images.max(), said.images.shape) == (0, 1, (5, 2, 3))
