"""What `train` refuses, and that it then has changed nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tapegrad import nn

from .calling import quickly, train

pytestmark = pytest.mark.usefixtures("offline", "elsewhere")


def test_a_folder_that_cannot_be_made_is_told_before_the_training() -> None:
    Path("file").write_text("")

    result = quickly("--out", "file/run")

    assert result.exit_code == 1
    assert "Error: the output folder cannot be made:" in result.output
    assert "file/run" in result.output
    assert "epoch" not in result.output


def test_an_output_folder_that_is_a_file() -> None:
    Path("file").write_text("")

    result = quickly("--out", "file")

    assert result.exit_code == 2
    assert "Invalid value for '--out': Directory 'file' is a file." in result.output


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--model", "mpl", "there is no model 'mpl'. Did you mean 'mlp'?"),
        ("--optimizer", "sdg", "there is no optimizer 'sdg'. Did you mean 'sgd'?"),
        ("--epochs", "0", "0 is less than 1"),
        ("--epochs", "many", "'many' is not a whole number"),
        ("--batch-size", "-3", "-3 is less than 1"),
        ("--lr", "0", "0 is not above 0"),
        ("--lr", "nan", "nan is not a number to train with"),
        ("--lr", "inf", "inf is not a number to train with"),
        ("--seed", "-1", "-1 is less than 0"),
    ],
)
def test_bad_values(elsewhere: Path, option: str, value: str, message: str) -> None:
    result = train(option, value)

    assert result.exit_code == 2
    assert f"Invalid value for '{option}': {message}" in result.output
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--modle", "mlp"], "No such option '--modle'. Did you mean '--model'?"),
        (["--preset", "mlb"], "there is no preset 'mlb'. Did you mean 'mlp'?"),
        (["--preset", "mine.toml"], "No such file or directory: 'mine.toml'"),
        (["--model", "lenet", "--hidden", "8"], "hidden: model lenet has no such option"),
    ],
)
def test_bad_options(elsewhere: Path, options: list[str], message: str) -> None:
    result = train(*options)

    assert result.exit_code == 2
    assert message in result.output
    assert list(elsewhere.iterdir()) == []


def test_a_named_folder_must_have_the_files(elsewhere: Path) -> None:
    (elsewhere / "data").mkdir()

    result = train("--data-dir", "data")

    assert result.exit_code == 1
    assert "Error: data lacks train-images-idx3-ubyte (looked for" in result.output
    assert ", train-labels-idx1-ubyte (looked for" in result.output
    assert "Digits" not in result.output
    assert not (elsewhere / "runs").exists()


def test_the_environment_variable_names_a_folder_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPEGRAD_DATA", "nowhere")

    result = train()

    assert result.exit_code == 1
    assert "Error: nowhere, named by TAPEGRAD_DATA, is not a folder" in result.output


def test_a_damaged_file_in_a_named_folder(elsewhere: Path) -> None:
    (elsewhere / "data").mkdir()
    for name in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"):
        (elsewhere / "data" / name).write_bytes(b"not what was published")

    result = train("--data-dir", "data")

    assert result.exit_code == 1
    assert "Error: " in result.output
    assert "train-images-idx3-ubyte" in result.output


def test_a_training_that_diverges_says_what_to_change() -> None:
    result = quickly("--model", "mlp16", "--activation", "relu", "--lr", 1e30, "--out", "run")

    assert result.exit_code == 1
    assert "Error: the loss is nan in epoch 1" in result.output
    assert "A learning rate below" in result.output
    assert all(np.isfinite(array).all() for array in nn.load("run/weights.safetensors").values())


def test_help_tells_every_option() -> None:
    output = train("--help").output

    for option in (
        "--preset",
        "--model",
        "--epochs",
        "--batch-size",
        "--lr",
        "--seed",
        "--data-dir",
        "--resume",
        "--out",
    ):
        assert option in output
