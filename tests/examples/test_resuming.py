"""`train --resume` and `train --reset`."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.mnist.presets import preset
from examples.mnist.runs import Run
from tapegrad import nn

from .calling import content_of, quickly, result_of, train

pytestmark = pytest.mark.usefixtures("offline", "elsewhere")


def test_reset_begins_anew_with_the_settings_of_the_run() -> None:
    quickly("--epochs", 2, "--lr", 0.01, "--seed", 3, "--out", "run")
    before = content_of("run")

    assert train("--reset", "--out", "run").exit_code == 0

    again = content_of("run")
    assert again["settings.toml"] == before["settings.toml"]
    assert again["weights.safetensors"] == before["weights.safetensors"]
    assert len(again["log.jsonl"].splitlines()) == 2


def test_reset_with_another_model() -> None:
    quickly("--lr", 0.02, "--out", "run")

    assert train("--reset", "--model", "mlp16", "--data", "digits", "--epochs", 1, "--out", "run").exit_code == 0

    assert Run(Path("run")).settings.lr == preset("mlp16").settings.lr != 0.02
    assert Run.open("run").settings.model == "mlp16"


def test_nothing_of_the_old_training_is_left_after_a_reset() -> None:
    quickly("--out", "run")

    assert quickly("--model", "mlp128", "--lr", 1e30, "--reset", "--out", "run").exit_code == 1

    assert not Path("run/best.safetensors").exists()
    assert nn.load("run/weights.safetensors")["1.weight"].shape == (128, 784)


def test_reset_forgets_nothing_before_everything_is_there() -> None:
    quickly("--out", "run")
    before = content_of("run")

    assert train("--reset", "--data", "mnist", "--data-dir", "nowhere", "--out", "run").exit_code == 1
    assert train("--reset", "--lr", "0", "--out", "run").exit_code == 2
    assert content_of("run") == before


def test_a_training_goes_on_for_longer() -> None:
    quickly("--schedule", "constant", "--epochs", 1, "--out", "parts")
    result = train("--resume", "--epochs", 3, "--out", "parts")
    quickly("--schedule", "constant", "--epochs", 3, "--out", "whole")

    assert result.exit_code == 0
    assert [epoch["epoch"] for epoch in Run(Path("parts")).history.epochs] == [1, 2, 3]
    assert content_of("parts")["weights.safetensors"] == content_of("whole")["weights.safetensors"]


def test_the_newest_is_resumed_where_none_is_named() -> None:
    quickly("--schedule", "constant")

    assert "runs/mnist/linear-1" in train("--resume", "--epochs", 2).output
    assert result_of("runs/mnist/linear-1")["epochs"] == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--resume"], "there is nothing to resume in runs/mnist: no checkpoint"),
        (["--resume", "--out", "nowhere"], "there is nothing to resume in nowhere: no checkpoint"),
        (
            ["--resume", "--reset", "--out", "run"],
            "--resume goes on with a training and --reset forgets it; choose one",
        ),
        (["--resume", "--lr", "0.1"], "--lr: a training is resumed as it was begun; only --epochs, --log-every, "),
        (["--resume", "--preset", "mlp"], "--preset: a training is resumed as it was begun"),
        (["--reset"], "--reset: say with --out which training is to be forgotten"),
    ],
)
def test_what_cannot_be_resumed_or_reset(elsewhere: Path, options: list[str], message: str) -> None:
    result = train(*options)

    assert result.exit_code == 2
    assert message in result.output
    assert list(elsewhere.iterdir()) == []


def test_a_checkpoint_of_another_model() -> None:
    quickly("--out", "run")
    run = Run(Path("run"))
    run.settings_file.write_text(run.settings_file.read_text().replace("linear", "mlp16"))

    before = content_of("run")

    result = train("--resume", "--epochs", 2, "--out", "run")

    assert result.exit_code == 1
    assert "Error: run/last.safetensors: not the weights of mlp16; they are those of linear" in result.output
    assert content_of("run") == before
