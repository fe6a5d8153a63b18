"""The command `evaluate`, on a run that was trained on Digits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from examples.mnist.commands import mnist
from examples.mnist.data import load
from examples.mnist.runs import Run
from examples.mnist.settings import Settings
from examples.mnist.training import train

SETTINGS = Settings(model="linear", data="digits", epochs=2)
pytestmark = pytest.mark.usefixtures("offline")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that has ended."""
    run = Run(tmp_path_factory.mktemp("run"))
    train(SETTINGS, load(SETTINGS), run)
    return run


def evaluate(*arguments: Any) -> Result:
    result = CliRunner().invoke(mnist, ["evaluate", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_the_figures_are_those_of_the_training(trained: Run) -> None:
    result = evaluate(trained.folder)

    assert result.exit_code == 0
    figures = json.loads((trained.folder / "evaluation/evaluation.json").read_text(encoding="utf-8"))
    tested = json.loads(trained.result_file.read_text(encoding="utf-8"))["test"]
    assert figures["accuracy"] == pytest.approx(tested["accuracy"])
    assert figures["heads"][0]["loss"] == pytest.approx(tested["loss"], rel=1e-5)
    assert figures["data"] == "Digits"
    assert figures["facts"]["epochs"] == "2"
    assert figures["warning"] is None
    assert (trained.folder / "evaluation/evaluation.txt").read_text(encoding="utf-8") in result.output
    assert f"the page: {trained.folder}/evaluation/report.html" in result.output
    assert (trained.folder / "evaluation/loss-by-epoch.svg").exists()


def test_another_folder(trained: Run, tmp_path: Path) -> None:
    assert evaluate(trained.folder, "--out", tmp_path / "here").exit_code == 0
    assert (tmp_path / "here/report.html").exists()


def test_without_a_run_the_shipped_model_on_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = evaluate()

    assert result.exit_code == 0
    assert "MNIST is not at hand (https://" in result.output
    assert "so Digits stands in for it" in result.output
    assert "the page: runs/pretrained/evaluation/report.html" in result.output
    assert "MNIST is not at hand" in Path("runs/pretrained/evaluation/report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "Error: nowhere holds no run: there is no settings.toml in it"),
        (["{run}", "--out", "{run}/weights.safetensors"], "File exists"),
    ],
)
def test_what_cannot_be_done(trained: Run, arguments: list[str], says: str) -> None:
    result = evaluate(*(argument.format(run=trained.folder) for argument in arguments))

    assert says in result.output
    assert result.exit_code == 1


def test_data_that_have_moved(trained: Run, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('model = "linear"\ndata_dir = "gone"\n', encoding="utf-8")
    (tmp_path / "weights.safetensors").write_bytes(trained.weights_file.read_bytes())
    (tmp_path / "history.json").write_bytes(trained.history_file.read_bytes())

    assert "gone, named by data_dir, is not a folder" in evaluate(tmp_path).output
    assert f"{tmp_path} lacks t" in evaluate(tmp_path, "--data-dir", tmp_path).output


def test_weights_of_another_model(trained: Run, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('model = "mlp"\ndata = "digits"\n', encoding="utf-8")
    (tmp_path / "weights.safetensors").write_bytes(trained.weights_file.read_bytes())
    result = evaluate(tmp_path)

    assert result.exit_code == 1
    assert "not the weights of mlp; they are those of linear" in result.output
    assert not (tmp_path / "evaluation").exists()
