"""The command `train` on Digits in place of MNIST: what it says, and what comes of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from examples.mnist.runs import Run
from examples.mnist.training import evaluate
from tapegrad import nn

from .calling import content_of, quickly, result_of, train

pytestmark = pytest.mark.usefixtures("offline", "elsewhere")


def test_the_default_run(elsewhere: Path) -> None:
    result = train()

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "MNIST is not at hand and could not be downloaded."
    assert "train-images-idx3-ubyte.gz" in lines[1]
    assert "and 2 more mirrors failed too" in lines[1]
    assert lines[2].startswith("Training on Digits instead")
    assert lines[3] == "Digits: 1,293 images for training, 144 for validation, 360 for the test"
    assert lines[4] == "mlp: 784-256-128-10, ReLU. 235,146 parameters"
    assert lines[5] == "everything about this training goes to runs/mnist/mlp-1"
    assert lines[7].startswith("validation accuracy: ")
    assert lines[8].startswith("test accuracy on Digits, not on MNIST: ")
    assert lines[9] == "To train on MNIST, name a folder with its four files: --data-dir FOLDER, or TAPEGRAD_DATA."
    rows = [line.split() for line in result.stderr.splitlines() if line]
    assert [row[0] for row in rows if row[0] != "epoch"] == [str(number) for number in range(1, 11)]
    assert result_of("runs/mnist/mlp-1")["test"]["accuracy"] > 0.94


def test_the_result() -> None:
    result = quickly("--seed", 4, "--out", "run")
    found = result_of("run")

    assert found.items() >= {
        "model": "linear", "parameters": 7850, "data": "Digits", "not_mnist": None, "epochs": 1, "interrupted": False,
        "images": {"train": 1293, "validation": 144, "test": 360},
    }.items()  # fmt: skip
    assert found["versions"].keys() == {"tapegrad", "numpy", "numba", "python", "machine"}
    assert f"test accuracy on Digits: {100 * found['test']['accuracy']:.2f} %" in result.output
    assert Run(Path("run")).settings.seed == 4


def test_the_weights_have_the_accuracy_that_was_told() -> None:
    quickly("--epochs", 2, "--seed", 3, "--out", "run")
    run = Run.open("run")

    found = result_of("run")
    assert evaluate(run.model, run.data().test, run.settings) == pytest.approx(found["test"])
    assert evaluate(run.model, run.data().validation, run.settings) == pytest.approx(found["validation"])


def test_the_same_seed_gives_the_same_weights() -> None:
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        quickly("--augment", "affine", "--seed", seed, "--out", name)
    one, two, other = (nn.load(f"{name}/weights.safetensors") for name in ("one", "two", "other"))

    for name in one:
        np.testing.assert_array_equal(one[name], two[name])
        assert not np.array_equal(one[name], other[name])


def test_every_option_of_the_command_line_is_a_setting_of_the_run() -> None:
    result = train(
        "--model", "mlp16", "--activation", "tanh", "--hidden", "12,8", "--dropout", 0.1, "--batch-norm", "--init",
        "he_normal", "--data", "digits", "--samples-per-class", 20, "--validation-fraction", 0.2, "--pad", 1, "--gamma",
        0.9, "--contrast", 1.1, "--augment", "affine", "--epochs", 2, "--batch-size", 64, "--loss", "mse",
        "--label-smoothing", 0.05, "--optimizer", "nesterov", "--lr", 0.05, "--momentum", 0.8, "--weight-decay", 0.001,
        "--schedule", "step", "--decay-every", 1, "--decay", 0.7, "--accumulate", 2, "--clip-norm", 5,
        "--early-stopping", 9, "--ema", 0.9, "--seed", 5, "--log-every", 2, "--live-curves",
        "--tensorboard", "--out", "run",
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    settings = Run(Path("run")).settings
    assert (settings.activation, settings.hidden, settings.dropout, settings.batch_norm) == ("tanh", (12, 8), 0.1, True)
    assert (settings.optimizer, settings.momentum, settings.schedule, settings.decay) == ("nesterov", 0.8, "step", 0.7)
    assert (settings.accumulate, settings.clip_norm, settings.ema, settings.loss) == (2, 5, 0.9, "mse")
    assert Path("run/curves.png").read_bytes()[:4] == b"\x89PNG"
    assert list(Path("run/tensorboard").rglob("events.*"))
    assert "epoch 1/2  batch 2/4" in result.stderr  # the lines of --log-every


def test_the_layers_of_the_model() -> None:
    output = quickly("--model", "lenet", "--samples-per-class", 2, "--summary").stdout

    assert "(1, 6, 14, 14)" in output
    assert "(1, 16, 5, 5)" in output


def test_two_digits() -> None:
    result = train("--data", "digits", "--model", "twodigit-cnn", "--epochs", 1, "--samples-per-class", 5)

    assert "test accuracy on two-digit Digits: upper " in result.stdout
    assert ", lower " in result.stdout


def test_each_run_has_a_folder_of_its_own(elsewhere: Path) -> None:
    for model in ("linear", "linear", "mlp16"):
        assert quickly("--model", model).exit_code == 0

    assert sorted(path.name for path in (elsewhere / "runs/mnist").iterdir()) == ["linear-1", "linear-2", "mlp16-1"]


def test_a_run_is_never_overwritten() -> None:
    quickly("--out", "run")
    before = content_of("run")

    result = quickly("--out", "run")

    assert result.exit_code == 2
    assert "Invalid value for '--out': run holds a run already; name another folder, or say --resume" in result.output
    assert content_of("run") == before


def test_a_folder_with_other_things_in_it_will_do() -> None:
    Path("run").mkdir()
    Path("run/notes.txt").write_text("mine")

    assert quickly("--out", "run").exit_code == 0
    assert quickly("--out", "run", "--reset").exit_code == 0
    assert Path("run/notes.txt").read_text() == "mine"
