"""The command `diagnose`, and its checks on trainings that something is wrong with."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from examples.mnist.commands import mnist
from examples.mnist.data import Data, load
from examples.mnist.diagnosis import Problem
from examples.mnist.diagnosis.activity import check_activity, dead_units
from examples.mnist.diagnosis.data import check_data
from examples.mnist.diagnosis.gradients import check_gradients
from examples.mnist.diagnosis.initial_loss import check_initial_loss
from examples.mnist.diagnosis.memory import available_memory, check_memory
from examples.mnist.diagnosis.outcome import check_outcome
from examples.mnist.diagnosis.overfitting import check_overfitting
from examples.mnist.diagnosis.rates import RangeTest, check_rates, range_test
from examples.mnist.settings import Settings
from tapegrad import nn
from tapegrad.datasets import ArrayDataset
from tapegrad.nn.training import History


@pytest.fixture(scope="module")
def digits() -> Data:
    return load(Settings(data="digits"))


def problem(digits: Data, **settings: Any) -> Problem:
    return Problem(Settings(data="digits", **settings), digits)


def shift_bias(model: nn.Module, name: str, units: int, value: float) -> None:
    bias = model.state_dict()[name].copy()
    bias[:units] = value
    model.load_state_dict({name: bias}, strict=False)


def test_a_fresh_model_knows_nothing(digits: Data) -> None:
    finding = check_initial_loss(problem(digits))

    assert finding.ok
    assert f"= {math.log(10):.3f}" in finding.says


def test_first_weights_that_are_too_large(digits: Data) -> None:
    finding = check_initial_loss(problem(digits, init="normal"))

    assert not finding.ok
    assert "--init he_normal" in str(finding.advice)


def test_living_units(digits: Data) -> None:
    assert check_activity(problem(digits)).ok
    assert not check_activity(problem(digits, model="linear")).details


def test_dead_units_are_counted_by_layer(digits: Data) -> None:
    case = problem(digits)
    model = case.fresh()
    shift_bias(model, "1.bias", 64, -1000)  # a quarter of 256

    assert 0.25 <= dead_units(case, model, case.batch(256))["2"] < 0.3
    finding = check_activity(replace(case, trained=model))
    assert "after training" in finding.says
    assert "layer 2" in finding.says
    assert "leaky-relu" in str(finding.advice)
    assert model.training


def test_a_channel_is_one_unit(digits: Data) -> None:
    case = problem(digits, model="fast")
    model = case.fresh()
    shift_bias(model, "0.bias", 4, -1000)

    assert dead_units(case, model, case.batch(64))["1"] == pytest.approx(4 / 16, abs=0.07)


def test_saturated_sigmoids(digits: Data) -> None:
    case = problem(digits, model="mlp16")
    model = case.fresh()
    shift_bias(model, "1.bias", 16, 50)

    assert dead_units(case, model, case.batch(64)) == {"2": 1.0, "4": 0.0}


def test_gradients_reach_every_layer(digits: Data) -> None:
    finding = check_gradients(problem(digits))

    assert finding.ok
    assert [line.split(":")[0] for line in finding.details] == ["1.weight", "3.weight", "5.weight"]


def test_looking_at_gradients_changes_nothing(digits: Data) -> None:
    case = problem(digits, model="mlp", batch_norm=True)
    model = case.fresh().eval()
    before = model.state_dict()
    assert check_gradients(replace(case, trained=model)).ok

    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name], name)
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not model.training


def test_gradients_that_vanish_on_their_way(digits: Data) -> None:
    finding = check_gradients(problem(digits, model="mlp", activation="sigmoid", hidden=(16,) * 8))

    assert "hardly any gradient reaches 1.weight" in str(finding.advice)


def test_a_batch_is_learnt_by_heart(digits: Data) -> None:
    assert check_overfitting(problem(digits)).ok
    assert check_overfitting(problem(digits, model="mlp128", dropout=0.9)).ok  # which then drops nothing


def test_labels_that_nobody_can_learn(digits: Data) -> None:
    images, labels = digits.train[np.zeros(64, int)][0], np.arange(64) % 10  # one image, every label
    case = Problem(Settings(data="digits", model="linear"), replace(digits, train=ArrayDataset(images, labels)))
    finding = check_overfitting(case)

    assert "not learnt by heart" in finding.says
    assert "the labels are at fault" in str(finding.advice)


def test_memory_that_is_enough_and_that_is_not(digits: Data) -> None:
    case = problem(digits, batch_size=1000)
    assert check_memory(case, 10**12).ok

    finding = check_memory(case, 14_000_000)
    assert not finding.ok
    batch = int(str(finding.advice).split()[1].rstrip(";"))
    assert check_memory(problem(digits, batch_size=batch), 14_000_000).ok
    assert not check_memory(problem(digits, batch_size=2 * batch + 1), 14_000_000).ok
    assert f"--accumulate {-(-1000 // batch)}" in str(finding.advice)
    assert "the model alone is too large" in str(check_memory(case, 1_000_000).advice)


def test_memory_is_measured_here() -> None:
    free = available_memory()
    assert free is None or 10**7 < free < 10**14


def test_data_that_stand_in(digits: Data) -> None:
    assert check_data(problem(digits)).ok
    finding = check_data(Problem(Settings(), replace(digits, not_mnist="no network")))

    assert "no network" in finding.says
    assert "TAPEGRAD_DATA" in str(finding.advice)


def test_pixels_and_classes_that_are_not_as_they_should_be(digits: Data) -> None:
    images, labels = digits.train[np.arange(500)]

    bright = replace(digits, train=ArrayDataset(images + 3, labels))
    assert "mean 0 and deviation 1" in str(check_data(Problem(Settings(), bright)).advice)
    few = replace(digits, train=ArrayDataset(images, np.where(labels == 4, 5, labels)))
    assert "of class 4 there are only 0 in 500" in check_data(Problem(Settings(), few)).says


def test_the_range_of_learning_rates(digits: Data) -> None:
    test = range_test(problem(digits))

    assert test.losses[0] == pytest.approx(math.log(10), abs=0.4)
    assert test.losses.min() < 0.7 * test.losses[0]
    assert 1e-4 < test.suggested < 1e-1
    assert check_rates(problem(digits, lr=test.suggested), test).ok


@pytest.mark.parametrize(
    ("lr", "advice"), [(5.0, "may diverge: --lr 0.01"), (1e-5, "slower than it need be: --lr 0.01")]
)
def test_rates_that_are_too_high_or_too_low(digits: Data, lr: float, advice: str) -> None:
    rates = np.geomspace(1e-6, 10, 141)
    test = RangeTest(rates, 1 + (np.log10(rates) + 1) ** 2)  # lowest at 0.1

    assert test.lowest == pytest.approx(0.1)
    assert advice in str(check_rates(problem(digits, lr=lr), test).advice)


def epochs(training: list[float], validation: list[float], losses: list[float]) -> History:
    rows = zip(training, validation, losses, strict=True)
    return History([{"epoch": i, "accuracy": a, "val_accuracy": b, "val_loss": c} for i, (a, b, c) in enumerate(rows)])


@pytest.mark.parametrize(
    ("history", "advice"),
    [
        (epochs([0.97, 0.991], [0.97, 0.989], [0.1, 0.05]), None),
        (epochs([0.97, 0.999], [0.95, 0.96], [0.1, 0.1]), "by heart"),
        (epochs([0.7, 0.8], [0.7, 0.8], [0.9, 0.5]), "still learns"),
        (epochs([0.8, 0.7], [0.8, 0.7], [0.5, 0.9]), "too small"),
        (epochs([0.98, 0.99], [0.985, 0.985], [0.05, 0.2]), "best in epoch 1"),
        (epochs([0.1], [0.1], [math.inf]), "lower --lr"),
        (History(), "train for an epoch"),
    ],
)
def test_what_came_of_a_training(history: History, advice: str | None) -> None:
    finding = check_outcome(history)

    assert finding.ok is (advice is None)
    assert (advice or "") in (finding.advice or "")


def diagnose(*arguments: Any) -> Result:
    result = CliRunner().invoke(mnist, ["diagnose", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_the_command(tmp_path: Path) -> None:
    result = diagnose("--model", "mlp16", "--data", "digits", "--init", "normal", "--out", tmp_path / "new")

    assert result.exit_code == 0
    said = [line for line in result.output.splitlines() if line.startswith(("ok ", "warning "))]
    assert [line[9:].split(":")[0] for line in said] == [
        "data", "memory", "initial loss", "dead units", "gradients", "overfit one batch", "learning rate",
    ]  # fmt: skip
    assert "warning  initial loss: " in result.output
    assert "what to do: the first weights are too large" in result.output
    with Image.open(tmp_path / "new/learning-rates.png") as plot:
        assert plot.size[0] > 600


def test_a_run_that_is_over(tmp_path: Path) -> None:
    assert CliRunner().invoke(
        mnist, ["train", "--model", "linear", "--data", "digits", "--epochs", "1", "--out", str(tmp_path / "run")]
    ).exit_code == 0  # fmt: skip
    result = diagnose("--run", tmp_path / "run")

    assert result.exit_code == 0
    assert "accuracy: " in result.output.splitlines()[2]
    assert (tmp_path / "run/learning-rates.png").exists()


def test_data_that_are_not_there(tmp_path: Path) -> None:
    result = diagnose("--data-dir", tmp_path)

    assert result.exit_code == 1
    assert "lacks train-images-idx3-ubyte" in result.output
    assert "what to do: download the four files of MNIST with a browser" in result.output


def test_settings_that_do_not_go_together(tmp_path: Path) -> None:
    assert diagnose("--model", "mpl").exit_code == 2
    assert diagnose("--run", tmp_path, "--preset", "mlp").exit_code == 2
