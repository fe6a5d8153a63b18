"""The command `train`, from end to end on Digits, within this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from examples.mnist.commands import mnist
from examples.mnist.data import load
from examples.mnist.models import find
from examples.mnist.training import evaluate
from tapegrad import nn

pytestmark = pytest.mark.usefixtures("offline")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in, for the default output folder is a relative one."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def train(*options: Any) -> Result:
    result = CliRunner().invoke(mnist, ["train", *map(str, options)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def log_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_default_run(elsewhere: Path) -> None:
    result = train()

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "MNIST is not at hand and could not be downloaded."
    assert "train-images-idx3-ubyte.gz" in lines[1]
    assert "and 2 more mirrors failed too" in lines[1]
    assert lines[2].startswith("Training on Digits instead")
    assert lines[3] == "Digits: 1,293 images for training, 144 for validation, 360 for the test"
    assert lines[4] == "mlp: 50,826 parameters; weights and log go to runs/mnist/mlp-1"
    assert lines[6].split() == ["epoch", "training", "loss", "accuracy", "validation", "loss", "accuracy", "time"]
    rows = [line.split() for line in lines[7:17]]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 11)]
    assert all(len(row) == 9 for row in rows)
    assert lines[18].startswith("test accuracy on Digits, not on MNIST: ")
    assert lines[19] == "To train on MNIST, name a folder with its four files: --data-dir FOLDER, or TAPEGRAD_DATA."
    assert log_of(elsewhere / "runs/mnist/mlp-1")[-1]["test"]["accuracy"] > 0.96


def test_nothing_for_a_terminal_goes_into_a_pipe() -> None:
    output = train("--epochs", 1).output

    assert "\x1b" not in output
    assert "\r" not in output
    assert "images/s" not in output


def test_the_log() -> None:
    result = train("--epochs", 3, "--batch-size", 64, "--lr", 0.001, "--seed", 4, "--out", "run")
    start, *epochs, end = log_of(Path("run"))

    assert start.items() >= {
        "event": "start", "model": "mlp", "parameters": 50826, "epochs": 3, "batch_size": 64, "lr": 0.001, "seed": 4,
        "data": "Digits", "images": {"train": 1293, "validation": 144, "test": 360},
    }.items()  # fmt: skip
    assert start["not_mnist"] in result.output
    assert start["versions"].keys() == {"tapegrad", "numpy", "numba", "python", "machine"}
    assert [epoch["number"] for epoch in epochs] == [1, 2, 3]
    for epoch in epochs:
        assert epoch.keys() == {"event", "number", "images", "train", "validation", "seconds"}
        assert epoch["event"] == "epoch"
        assert epoch["images"] == 1293
        for figures in (epoch["train"], epoch["validation"]):
            assert figures["loss"] > 0
            assert 0 < figures["accuracy"] <= 1
    assert end["event"] == "end"
    assert end["interrupted"] is False
    assert end["seconds"] == pytest.approx(sum(epoch["seconds"] for epoch in epochs))


def test_the_weights_have_the_accuracy_that_was_told() -> None:
    result = train("--epochs", 2, "--seed", 3, "--out", "run")
    data = load(None, seed=3)
    model = find("mlp")(data.shape, data.classes)
    model.load_state_dict(nn.load("run/weights.safetensors"))

    end = log_of(Path("run"))[-1]
    assert evaluate(model, data.test).accuracy == end["test"]["accuracy"]
    assert f"test accuracy on Digits, not on MNIST: {100 * end['test']['accuracy']:.2f} %" in result.output
    last = log_of(Path("run"))[-2]
    assert evaluate(model, data.validation).accuracy == last["validation"]["accuracy"]


def test_the_same_seed_gives_the_same_weights() -> None:
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        train("--epochs", 2, "--seed", seed, "--out", name)
    one, two, other = (nn.load(f"{name}/weights.safetensors") for name in ("one", "two", "other"))

    for name in one:
        np.testing.assert_array_equal(one[name], two[name])
        assert not np.array_equal(one[name], other[name])


def test_another_model() -> None:
    result = train("--model", "linear", "--epochs", 5, "--out", "run")

    assert "linear: 650 parameters" in result.output
    assert {name: array.shape for name, array in nn.load("run/weights.safetensors").items()} == {
        "1.weight": (10, 64),
        "1.bias": (10,),
    }


def test_each_run_has_a_folder_of_its_own(elsewhere: Path) -> None:
    for model in ("linear", "linear", "mlp"):
        assert train("--model", model, "--epochs", 1).exit_code == 0

    assert sorted(path.name for path in (elsewhere / "runs/mnist").iterdir()) == ["linear-1", "linear-2", "mlp-1"]


def test_a_run_is_never_overwritten() -> None:
    train("--epochs", 1, "--out", "run")
    before = {path.name: path.read_bytes() for path in Path("run").iterdir()}

    result = train("--epochs", 1, "--out", "run")

    assert result.exit_code == 2
    assert "Invalid value for '--out': run holds a run already; name another folder" in result.output
    assert {path.name: path.read_bytes() for path in Path("run").iterdir()} == before


def test_a_folder_with_other_things_in_it_will_do() -> None:
    Path("run").mkdir()
    Path("run/notes.txt").write_text("mine")

    assert train("--epochs", 1, "--out", "run").exit_code == 0
    assert Path("run/notes.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_told_before_the_training() -> None:
    Path("file").write_text("")

    result = train("--out", "file/run")

    assert result.exit_code == 1
    assert "Error: the output folder cannot be made:" in result.output
    assert "file/run" in result.output
    assert "epoch" not in result.output


def test_an_output_folder_that_is_a_file() -> None:
    Path("file").write_text("")

    result = train("--out", "file")

    assert result.exit_code == 2
    assert "Invalid value for '--out': Directory 'file' is a file." in result.output


def test_a_model_that_is_not_there_suggests_one() -> None:
    result = train("--model", "mpl")

    assert result.exit_code == 2
    assert "no model 'mpl'. Did you mean 'mlp'? The models are mlp, linear." in result.output


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--epochs", "0", "0 is not in the range x>=1"),
        ("--epochs", "many", "'many' is not a valid integer"),
        ("--batch-size", "-3", "-3 is not in the range x>=1"),
        ("--lr", "0", "0.0 is not in the range x>0"),
        ("--lr", "nan", "nan is not a number to train with"),
        ("--lr", "inf", "inf is not a number to train with"),
        ("--seed", "-1", "-1 is not in the range x>=0"),
    ],
)
def test_bad_values(elsewhere: Path, option: str, value: str, message: str) -> None:
    result = train(option, value)

    assert result.exit_code == 2
    assert f"Invalid value for '{option}': {message}" in result.output
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
    result = train("--lr", 1e30, "--out", "run")

    assert result.exit_code == 1
    assert "Error: training diverged: the loss is" in result.output
    assert "a learning rate below 1e+30 may help" in result.output
    assert all(np.isfinite(array).all() for array in nn.load("run/weights.safetensors").values())


def test_a_batch_of_everything() -> None:
    assert train("--batch-size", 100_000, "--epochs", 1).exit_code == 0


def test_help_tells_the_options() -> None:
    output = train("--help").output

    for option in ("--model", "--epochs", "--batch-size", "--lr", "--seed", "--data-dir", "--out"):
        assert option in output
