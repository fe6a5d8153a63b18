"""Runs: their folders, and the models that are opened from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from examples.mnist.building import build
from examples.mnist.data import load
from examples.mnist.runs import Run, RunError, new_run, newest, pretrained
from examples.mnist.settings import Settings
from examples.mnist.training import Result, evaluate, train
from examples.mnist.weights import ForeignWeightsError, load_weights
from tapegrad import nn

SETTINGS = Settings(model="linear", data="digits", epochs=2, ema=0.9)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that has ended."""
    run = Run(tmp_path_factory.mktemp("run"))
    train(SETTINGS, load(SETTINGS), run)
    return run


def test_numbers_count_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    made = [new_run(None, "mlp").folder for _ in range(3)]

    assert [path.as_posix() for path in made] == ["runs/mnist/mlp-1", "runs/mnist/mlp-2", "runs/mnist/mlp-3"]
    assert all(path.is_dir() for path in made)


def test_a_chosen_folder_with_its_parents(tmp_path: Path) -> None:
    chosen = tmp_path / "a/b"

    assert new_run(chosen, "mlp").folder == chosen
    assert chosen.is_dir()
    assert not new_run(chosen, "mlp").exists


def test_a_file_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").touch()

    with pytest.raises(RunError, match=r"the output folder cannot be made: .*runs"):
        new_run(None, "mlp")


def test_each_of_its_files_is_a_run(tmp_path: Path) -> None:
    for path in Run(tmp_path).files:
        assert not Run(tmp_path).exists
        path.touch()
        assert Run(tmp_path).exists
        path.unlink()


def test_what_a_training_leaves(trained: Run) -> None:
    assert sorted(path.name for path in trained.folder.iterdir()) == sorted(path.name for path in trained.files)


def test_a_run_is_opened_with_the_best_weights(trained: Run) -> None:
    run = Run.open(trained.folder)

    assert run.settings == SETTINGS
    assert not run.model.training
    assert [epoch["epoch"] for epoch in run.history.epochs] == [1, 2]
    figures = evaluate(run.model, run.data().validation, run.settings)
    assert figures["accuracy"] == pytest.approx(run.history.best("val_accuracy")["val_accuracy"])
    for name, array in nn.load(run.weights_file).items():
        np.testing.assert_array_equal(run.model.state_dict()[name], array)


@pytest.mark.parametrize("kept", ["last_file", "weights_file"])
def test_a_run_is_opened_with_what_there_is(trained: Run, tmp_path: Path, kept: str) -> None:
    run = Run(tmp_path)
    run.settings_file.write_bytes(trained.settings_file.read_bytes())
    getattr(run, kept).write_bytes(getattr(trained, kept).read_bytes())

    for name, array in Run.open(tmp_path).model.state_dict().items():
        assert array.shape == trained.model.state_dict()[name].shape


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"holds no run: there is no settings\.toml in it"):
        Run.open(tmp_path)


def test_a_run_without_weights(tmp_path: Path) -> None:
    Run(tmp_path).settings_file.write_text(SETTINGS.to_toml())

    with pytest.raises(RunError, match="holds no weights"):
        Run.open(tmp_path)


def test_the_weights_of_another_model_say_of_which(trained: Run, tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.settings_file.write_text(Settings(model="mlp").to_toml())
    run.best_file.write_bytes(trained.best_file.read_bytes())

    with pytest.raises(
        ForeignWeightsError, match=r"best\.safetensors: not the weights of mlp; they are those of linear"
    ):
        Run.open(tmp_path)


def test_the_weights_of_an_unknown_model(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    nn.save(nn.Linear(3, 4), path)
    model = build(SETTINGS)
    before = model.state_dict()

    with pytest.raises(ForeignWeightsError, match="they are of no model that we have"):
        load_weights(model, "linear", path)
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_the_newest_run(trained: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert newest() is None
    for model in ("mlp", "tiny", "linear"):
        run = new_run(None, model)
        run.settings_file.write_text(Settings(model=model).to_toml())
    import os

    os.utime("runs/mnist/tiny-1/settings.toml", (2_000_000_000, 2_000_000_000))

    assert newest() == Run(Path("runs/mnist/tiny-1"))
    assert newest("mlp") == Run(Path("runs/mnist/mlp-1"))
    assert newest("cnn") is None


def test_the_model_that_comes_with_the_program() -> None:
    run = pretrained()

    assert run.weights_file.stat().st_size < 500_000
    assert run.settings.data == "mnist"
    assert run.history.epochs


@pytest.mark.parametrize("name", ["history", "result"])
def test_a_damaged_file_is_named(trained: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.json").write_bytes(getattr(trained, f"{name}_file").read_bytes()[:-30])

    with pytest.raises(RunError, match=rf"{name}\.json: not the {name} of a training"):
        _ = Run(tmp_path).history if name == "history" else Result.read(Run(tmp_path))


def test_a_scheme_of_first_weights() -> None:
    orthogonal = build(Settings(model="mlp16", init="orthogonal"))
    weight = orthogonal.state_dict()["3.weight"]

    np.testing.assert_allclose(weight @ weight.T, np.eye(16), atol=1e-5)
    np.testing.assert_array_equal(orthogonal.state_dict()["3.bias"], 0)
