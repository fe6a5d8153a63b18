"""The loop: figures, schedule, shifts, stopping, and a loss that is not finite."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from examples.mnist.data import Data, load
from examples.mnist.models import find
from examples.mnist.training import (
    DivergedError,
    Epoch,
    Settings,
    cosine,
    count_hits,
    evaluate,
    moved,
    train_epochs,
)
from tapegrad import nn
from tapegrad.datasets import ArrayDataset


@pytest.fixture
def digits(offline: None) -> Data:
    return load(None, seed=0)


def network(data: Data) -> nn.Module:
    nn.manual_seed(0)
    return find("linear")(data.shape, data.classes)


def train(
    model: nn.Module, data: Data, settings: Settings, stopped: Callable[[], bool] = lambda: False
) -> tuple[list[Epoch], list[int]]:
    batches: list[int] = []
    return list(train_epochs(model, data, settings, seen=batches.append, stopped=stopped)), batches


def test_every_image_is_seen_once_an_epoch(digits: Data) -> None:
    epochs, batches = train(network(digits), digits, Settings(epochs=2, batch_size=100, lr=0.01, seed=0))

    assert batches == 2 * (12 * [100] + [93])
    assert [(epoch.number, epoch.images) for epoch in epochs] == [(1, 1293), (2, 1293)]


def test_training_helps(digits: Data) -> None:
    epochs, _ = train(network(digits), digits, Settings(epochs=5, batch_size=64, lr=0.01, seed=0))

    assert epochs[-1].train.loss < 0.3 * epochs[0].train.loss
    assert epochs[-1].validation.accuracy > 0.9


def test_the_validation_figures_are_those_of_the_model_then(digits: Data) -> None:
    model = network(digits)
    for epoch in train_epochs(model, digits, Settings(2, 64, 0.01, 0), seen=lambda n: None, stopped=lambda: False):
        assert epoch.validation == evaluate(model, digits.validation)


def test_stopping_ends_the_epoch_early_and_keeps_its_batches(digits: Data) -> None:
    model = network(digits)
    before = model.state_dict()
    batches: list[int] = []
    epochs = list(
        train_epochs(model, digits, Settings(9, 100, 0.01, 0), seen=batches.append, stopped=lambda: len(batches) == 15)
    )

    assert [(epoch.number, epoch.images) for epoch in epochs] == [(1, 1293), (2, 200)]
    assert not np.array_equal(model.state_dict()["1.weight"], before["1.weight"])


def test_stopping_between_epochs_adds_none(digits: Data) -> None:
    batches: list[int] = []
    epochs = list(
        train_epochs(
            network(digits), digits, Settings(9, 100, 0.01, 0), seen=batches.append, stopped=lambda: len(batches) == 13
        )
    )

    assert [epoch.number for epoch in epochs] == [1]


def test_stopping_before_the_first_batch_trains_nothing(digits: Data) -> None:
    epochs, batches = train(network(digits), digits, Settings(9, 100, 0.01, 0), stopped=lambda: True)

    assert epochs == []
    assert batches == []


def test_a_loss_that_is_not_finite_ends_the_training(digits: Data) -> None:
    model = network(digits)
    weights = model.state_dict()["1.weight"]
    model.load_state_dict({"1.weight": np.full_like(weights, np.nan)}, strict=False)
    bias = model.state_dict()["1.bias"]

    with pytest.raises(DivergedError, match=r"the loss is nan in epoch 1, after 0 images; a learning rate below 0\.01"):
        train(model, digits, Settings(1, 100, 0.01, 0))

    np.testing.assert_array_equal(model.state_dict()["1.bias"], bias)


class Answers(nn.Module):
    """Says what it was told to say, and notes how it was asked."""

    def __init__(self, logits: Any) -> None:
        self.logits = logits
        self.weight = nn.Parameter(np.ones(()))
        self.drop = nn.Dropout()
        self.asked: list[tuple[bool, bool]] = []

    def forward(self, x: tg.Tensor) -> tg.Tensor:
        rows = x.numpy().astype(int)
        y = self.weight * tg.tensor(self.logits[rows], dtype=np.float32)
        self.asked.append((self.drop.training, y.requires_grad))
        return y


def test_evaluation_is_over_all_images_without_dropout_and_without_a_graph() -> None:
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(2500, 10)), rng.integers(0, 10, 2500)
    model = Answers(logits)

    figures = evaluate(model, ArrayDataset(np.arange(2500.0), labels))

    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    assert figures.loss == pytest.approx(-log_p[np.arange(2500), labels].mean(), rel=1e-5)
    assert figures.accuracy == np.mean(logits.argmax(axis=1) == labels)
    assert model.asked == [(False, False)] * 3
    assert model.drop.training


def test_hits() -> None:
    assert count_hits(tg.tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]]), np.array([1, 1, 1])) == 2


def test_the_learning_rate_falls_along_half_a_cosine() -> None:
    assert [cosine(0.4, progress) for progress in (0, 1 / 3, 1 / 2, 1)] == pytest.approx([0.4, 0.3, 0.2, 0])
    rates = [cosine(1, step / 100) for step in range(101)]
    assert all(math.isfinite(rate) and rate >= 0 for rate in rates)
    assert rates == sorted(rates, reverse=True)


def test_images_are_moved_as_a_whole_by_a_pixel_at_most() -> None:
    images = np.zeros((2, 1, 9, 9), np.float32)
    images[:, :, 4, 4] = [[1], [2]]
    places = set()
    nn.manual_seed(0)
    for _ in range(200):
        changed = moved(images, 1)
        assert changed.dtype == np.float32
        [(row, column)] = np.argwhere(changed[0, 0])
        assert changed[0, 0, row, column] == 1
        assert changed[1, 0, row, column] == 2
        places.add((int(row), int(column)))

    assert places == {(row, column) for row in (3, 4, 5) for column in (3, 4, 5)}


def test_images_without_a_margin_stay() -> None:
    images = np.ones((1, 1, 2, 2), np.float32)

    assert moved(images, 0) is images
