"""What the settings make of a training."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from examples.mnist import training
from examples.mnist.building import build
from examples.mnist.choices import LOSSES, OPTIMIZERS, SCHEDULES
from examples.mnist.data import Data, load
from examples.mnist.runs import Run
from examples.mnist.settings import Settings
from examples.mnist.training import Result, evaluate, mean_accuracy
from tapegrad import nn
from tapegrad.datasets import ArrayDataset
from tapegrad.nn import functional as F
from tapegrad.nn.training import Callback, DivergedError, Trainer


@pytest.fixture(scope="module")
def digits() -> Data:
    return load(Settings(data="digits"))


class Watch(Callback):
    """Notes what a training does."""

    def __init__(self) -> None:
        self.rates: list[float] = []
        self.samples: list[int] = []
        self.trainer: Trainer | None = None

    def on_step_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        self.rates.append(trainer.optimizer.lr)
        self.samples.append(trainer.means.samples)
        self.trainer = trainer


def settings_of(**chosen: Any) -> Settings:
    return Settings(**{"model": "linear", "data": "digits", "epochs": 1, "augment": "none", **chosen})


def train(folder: Path, data: Data, **chosen: Any) -> tuple[Result, Watch]:
    watch = Watch()
    return training.train(settings_of(**chosen), data, Run(folder), callbacks=[watch]), watch


@pytest.mark.parametrize(("size", "steps"), [("full", 1), (100_000, 1), (100, 13), (1, 1293)])
def test_full_batch_mini_batch_and_single_sample(tmp_path: Path, digits: Data, size: Any, steps: int) -> None:
    _, watch = train(tmp_path, digits, batch_size=size)

    assert len(watch.rates) == steps
    assert watch.samples[-1] == 1293


def test_gradients_are_accumulated(tmp_path: Path, digits: Data) -> None:
    _, watch = train(tmp_path, digits, batch_size=100, accumulate=4, optimizer="sgd", lr=0.4, schedule="linear")

    assert watch.samples == [400, 800, 1200, 1293]
    assert watch.rates == pytest.approx([0.3, 0.2, 0.1, 0.0])  # the schedule counts steps, not batches


def test_training_helps(tmp_path: Path, digits: Data) -> None:
    result, _ = train(tmp_path, digits, epochs=4, batch_size=32)

    assert result.test["accuracy"] > 0.85
    assert result.images == {"train": 1293, "validation": 144, "test": 360}
    assert (result.parameters, result.epochs, result.interrupted, result.stopped) == (7850, 4, False, None)
    assert Result.read(Run(tmp_path)) == result


def test_two_heads(tmp_path: Path) -> None:
    settings = settings_of(model="twodigit-mlp", epochs=2)
    result = training.train(settings, load(settings), Run(tmp_path))

    assert set(result.test) == {"loss", "upper/loss", "upper/accuracy", "lower/loss", "lower/accuracy"}
    assert result.test["upper/accuracy"] > 0.5
    assert mean_accuracy(result.test) == (result.test["upper/accuracy"] + result.test["lower/accuracy"]) / 2


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_makes_the_loss_smaller(tmp_path: Path, digits: Data, name: str) -> None:
    rates = {"sgd": 0.03, "adadelta": 1.0, "lion": 0.001, "rmsprop": 0.0003}
    train(tmp_path, digits, optimizer=name, lr=rates.get(name, 0.003), epochs=2, weight_decay=1e-4)
    losses = Run(tmp_path).history["loss"]

    assert losses[-1] < losses[0] < math.log(10)


def test_momentum_goes_where_the_optimizer_has_it(tmp_path: Path, digits: Data) -> None:
    for name, key, value in (("sgd", "momentum", 0.3), ("rmsprop", "momentum", 0.3), ("adam", "betas", (0.3, 0.999))):
        _, watch = train(tmp_path, digits, optimizer=name, momentum=0.3, batch_size="full")
        assert watch.trainer is not None
        assert watch.trainer.optimizer.param_groups[0][key] == value


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("constant", [0.8] * 6),
        ("linear", [0.8 * (5 - step) / 6 for step in range(6)]),
        ("cosine", [0.4 * (1 + math.cos(math.pi * step / 6)) for step in range(1, 7)]),
        ("step", [0.8] * 4 + [0.2] * 2),
    ],
)
def test_the_learning_rate(tmp_path: Path, digits: Data, schedule: str, expected: list[float]) -> None:
    _, watch = train(
        tmp_path,
        digits,
        optimizer="sgd",
        lr=0.8,
        schedule=schedule,
        epochs=3,
        batch_size=650,
        decay_every=2,
        decay=0.25,
    )

    assert watch.rates == pytest.approx(expected)


def test_one_cycle_rises_and_falls(tmp_path: Path, digits: Data) -> None:
    _, watch = train(tmp_path, digits, lr=0.01, schedule="one-cycle", batch_size=32)
    peak = int(np.argmax(watch.rates))

    assert max(watch.rates) == pytest.approx(0.01, rel=0.01)
    assert watch.rates == [*sorted(watch.rates[: peak + 1]), *sorted(watch.rates[peak + 1 :], reverse=True)]
    assert watch.rates[-1] < 1e-6


def test_the_plateau(tmp_path: Path, digits: Data) -> None:
    _, watch = train(
        tmp_path, digits, optimizer="sgd", lr=1e-6, schedule="plateau", decay=0.1, decay_every=1, epochs=4,
        batch_size="full",
    )  # fmt: skip

    assert watch.rates == pytest.approx([1e-6] * 3 + [1e-7])
    assert set(SCHEDULES) == {"constant", "step", "plateau", "linear", "cosine", "one-cycle"}


def test_losses_against_their_formulas() -> None:
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(7, 10)), rng.integers(0, 10, 7)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    target = 0.9 * np.eye(10)[labels] + 0.01
    smooth = Settings(label_smoothing=0.1)

    assert LOSSES["mse"](smooth)(tg.tensor(logits), labels).item() == pytest.approx(((p - target) ** 2).mean())
    expected = -(target * np.log(p)).sum(axis=1).mean()
    assert LOSSES["cross-entropy"](smooth)(tg.tensor(logits), labels).item() == pytest.approx(expected)


@pytest.mark.parametrize(("figure", "best"), [("loss", min), ("accuracy", max)])
def test_weights_are_chosen_by_loss_or_accuracy(tmp_path: Path, digits: Data, figure: str, best: Any) -> None:
    few = {"model": "mlp", "hidden": (32,), "epochs": 10, "lr": 0.03, "schedule": "constant", "samples_per_class": 20}

    result, watch = train(tmp_path, digits, monitor=figure, **few)

    assert watch.trainer is not None
    losses, accuracies = (watch.trainer.history[name] for name in ("val_loss", "val_accuracy"))
    assert np.argmin(losses) != np.argmax(accuracies)
    assert result.validation[figure] == pytest.approx(best(losses if figure == "loss" else accuracies))


def test_batch_norms_know_images_that_are_not_varied(tmp_path: Path, digits: Data) -> None:
    _, watch = train(tmp_path, digits, model="mlp", hidden=(8,), batch_norm=True, augment="affine")

    assert watch.trainer is not None
    modules = list(watch.trainer.model.modules())
    dense: Any = next(each for each in modules if isinstance(each, nn.Linear))
    norm: Any = next(each for each in modules if isinstance(each, nn.BatchNorm1d))
    batches = [digits.train[np.arange(start, min(start + 1000, 1293))][0] for start in (0, 1000)]
    with tg.no_grad():
        means = [dense(tg.tensor(images.reshape(len(images), -1))).numpy().mean(0) for images in batches]
    np.testing.assert_allclose(norm.running_mean.numpy(), np.mean(means, 0), 1e-4, 1e-5)


def test_early_stopping_keeps_the_best_weights(tmp_path: Path, digits: Data) -> None:
    result, _ = train(tmp_path, digits, early_stopping=2, epochs=60, lr=0.05, schedule="constant", samples_per_class=5)
    history = Run(tmp_path).history

    assert result.epochs < 60
    assert result.stopped is not None
    assert result.validation["accuracy"] == max(history["val_accuracy"])


def test_averaged_weights_are_those_that_are_kept(tmp_path: Path, digits: Data) -> None:
    train(tmp_path / "plain", digits)
    train(tmp_path / "averaged", digits, ema=0.999)
    plain, averaged = (nn.load(tmp_path / name / "weights.safetensors") for name in ("plain", "averaged"))

    assert np.abs(averaged["1.weight"] - plain["1.weight"]).max() > 1e-4


def test_gradients_are_clipped(tmp_path: Path, digits: Data) -> None:
    lr, limit = 0.5, 0.01
    train(tmp_path, digits, optimizer="sgd", schedule="constant", lr=lr, clip_norm=limit, batch_size="full")
    after = Run(tmp_path).model.state_dict()
    nn.manual_seed(0)
    before = build(settings_of()).state_dict()

    change = math.sqrt(sum(float(((after[name] - before[name]) ** 2).sum()) for name in after))
    assert change == pytest.approx(lr * limit, rel=1e-3)


def test_augmentation_changes_what_is_trained_on_and_nothing_else(tmp_path: Path, digits: Data) -> None:
    seen: dict[str, list[bytes]] = {}
    for name in ("none", "shift", "affine", "elastic"):
        batches = training.training_batches(settings_of(augment=name), digits)
        seen[name] = [images.tobytes() for images, _ in batches]
    assert len({tuple(each) for each in seen.values()}) == 4


def test_evaluation_is_over_all_images_without_dropout() -> None:
    rng = np.random.default_rng(0)
    images = rng.normal(size=(2500, 1, 28, 28)).astype(np.float32)
    labels = rng.integers(0, 10, 2500)
    settings = Settings(model="mlp16", dropout=0.5)
    model = build(settings)

    figures = evaluate(model, ArrayDataset(images, labels), settings)

    model.eval()
    logits = model(tg.tensor(images))
    assert figures["loss"] == pytest.approx(F.cross_entropy(logits, labels).item(), rel=1e-4)
    assert figures["accuracy"] == np.mean(logits.numpy().argmax(axis=1) == labels)


def test_what_diverged_keeps_the_weights_before(tmp_path: Path, digits: Data) -> None:
    with pytest.raises(DivergedError, match="the loss is"):
        train(tmp_path, digits, model="mlp16", activation="relu", lr=1e30)

    assert all(np.isfinite(array).all() for array in nn.load(tmp_path / "weights.safetensors").values())
    assert not (tmp_path / "result.json").exists()


def test_a_resumed_training_is_the_uninterrupted_one(tmp_path: Path, digits: Data) -> None:
    chosen = {"epochs": 3, "model": "mlp16", "dropout": 0.2, "augment": "shift", "ema": 0.9}
    train(tmp_path / "whole", digits, **chosen)

    class Interrupt(Callback):
        def on_step_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
            if trainer.step == 15:
                raise KeyboardInterrupt

    settings, run = settings_of(**chosen), Run(tmp_path / "parts")
    with pytest.raises(KeyboardInterrupt):
        training.train(settings, digits, run, callbacks=[Interrupt()])
    training.train(settings, digits, run, resume=True)

    whole, parts = (nn.load(tmp_path / name / "weights.safetensors") for name in ("whole", "parts"))
    for name, array in whole.items():
        np.testing.assert_array_equal(parts[name], array)


def test_the_log_has_a_line_an_epoch(tmp_path: Path, digits: Data) -> None:
    train(tmp_path, digits, epochs=3)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]

    assert [(line["event"], line["epoch"]) for line in lines] == [("epoch", 1), ("epoch", 2), ("epoch", 3)]
    assert all(line["val_loss"] > 0 for line in lines)
