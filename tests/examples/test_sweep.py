"""The command `sweep`: what is compared, where it is kept, and that it goes on where it was stopped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from examples.mnist.commands import mnist
from examples.mnist.presets import preset
from examples.mnist.runs import Run
from examples.mnist.sweeping import product


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sweep(*options: Any) -> Result:
    chosen = ["sweep", "--data", "digits", "--epochs", "1", *map(str, options)]
    result = CliRunner().invoke(mnist, chosen, env={"COLUMNS": "140"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def results_in(folder: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((Path(folder) / "results.json").read_text(encoding="utf-8"))
    return found


def test_every_combination() -> None:
    assert list(product({"a": [1, 2], "b": [3, 4]})) == [
        {"a": 1, "b": 3}, {"a": 1, "b": 4}, {"a": 2, "b": 3}, {"a": 2, "b": 4},
    ]  # fmt: skip


def test_configurations_are_compared_by_their_validation_accuracy() -> None:
    result = sweep("--model", "mlp16", "--set", "lr=0.01,1e-7", "--set", "hidden=8,16x8", "--out", "all")

    assert result.exit_code == 0, result.output
    found = results_in("all")
    accuracies = [each["result"]["validation"]["accuracy"] for each in found]
    assert accuracies == sorted(accuracies, reverse=True)
    assert sorted(Path(each["folder"]).name for each in found) == [
        "lr=0.01,hidden=16x8", "lr=0.01,hidden=8", "lr=1e-07,hidden=16x8", "lr=1e-07,hidden=8",
    ]  # fmt: skip
    best = found[0]
    assert f"in {best['folder']}" in result.output
    assert f"its test accuracy: {100 * best['result']['test']['accuracy']:.2f} %" in result.output
    assert "4 of 4" in result.output
    assert Run(Path("all/lr=0.01,hidden=16x8")).settings.hidden == (16, 8)


def test_each_model_begins_with_its_own_preset() -> None:
    sweep("--set", "model=mlp16,tiny", "--out", "all")

    for name in ("mlp16", "tiny"):
        assert Run(Path(f"all/model={name}")).settings.lr == preset(name).settings.lr


def test_many_settings_share_a_column() -> None:
    sets = [part for each in ("lr=0.01", "seed=1,2", "momentum=0.5", "batch_size=64") for part in ("--set", each)]

    output = sweep("--model", "linear", *sets, "--out", "all").output

    assert "configuration" in output
    assert "momentum 0.5" in output
    assert "seed 2" in output


def test_a_file_says_what_is_compared(elsewhere: Path) -> None:
    (elsewhere / "mine.toml").write_text(
        '[settings]\nmodel = "linear"\n[sweep]\nlr = [0.01, 0.02]\n[[configuration]]\noptimizer = "sgd"\nlr = 0.1\n'
    )

    assert sweep("mine.toml", "--out", "all").exit_code == 0

    names = sorted(Path(each["folder"]).name for each in results_in("all"))
    assert names == ["lr=0.01", "lr=0.02", "optimizer=sgd,lr=0.1"]


def test_what_is_done_is_not_done_again() -> None:
    sweep("--model", "linear", "--set", "lr=0.01", "--out", "all")
    before = (Path("all/lr=0.01/result.json")).stat().st_mtime_ns

    result = sweep("--model", "linear", "--set", "lr=0.01,0.02", "--out", "all")

    assert result.exit_code == 0
    assert Path("all/lr=0.01/result.json").stat().st_mtime_ns == before
    assert Path("all/lr=0.02/result.json").exists()


def test_what_was_begun_goes_on() -> None:
    sweep("--model", "linear", "--epochs", 3, "--schedule", "constant", "--set", "lr=0.01", "--out", "all")
    folder = Path("all/lr=0.01")
    whole = (folder / "weights.safetensors").read_bytes()
    result = json.loads((folder / "result.json").read_text())
    (folder / "result.json").write_text(json.dumps({**result, "interrupted": True}))
    lines = (folder / "log.jsonl").read_text()

    sweep("--model", "linear", "--epochs", 3, "--schedule", "constant", "--set", "lr=0.01", "--out", "all")

    assert (folder / "weights.safetensors").read_bytes() == whole
    assert (folder / "log.jsonl").read_text() == lines  # no epoch was trained again
    assert json.loads((folder / "result.json").read_text())["interrupted"] is False


def test_a_folder_of_another_sweep_is_left_alone() -> None:
    sweep("--model", "linear", "--set", "lr=0.01", "--out", "all")

    result = sweep("--model", "linear", "--batch-size", 7, "--set", "lr=0.02,0.01", "--out", "all")

    assert result.exit_code == 1
    assert "all/lr=0.01 holds a run with other settings; name another folder with --out" in result.output
    assert not Path("all/lr=0.02").exists()


def test_one_that_diverges_does_not_end_the_others() -> None:
    result = sweep("--model", "mlp128", "--set", "lr=1e30,0.01", "--out", "all")

    assert result.exit_code == 0
    found = results_in("all")
    assert [each["settings"]["lr"] for each in found] == [0.01, 1e30]
    assert "the loss is nan" in found[1]["failure"]
    assert "diverged" in result.output


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "nothing to compare: say --set NAME=A,B,... or name a file"),
        (["--set", "lr"], "--set lr: expected NAME=A,B,..."),
        (["--set", "lrr=0.1"], "there is no setting 'lrr'. Did you mean 'lr'?"),
        (["--set", "lr=0.1,fast"], "--set lr: 'fast' is not a number"),
        (["--set", "model=mlp,mpl"], "--set model: there is no model 'mpl'. Did you mean 'mlp'?"),
        (["--set", "model=mlp,lenet", "--set", "hidden=8"], "hidden: model lenet has no such option"),
    ],
)
def test_bad_descriptions(elsewhere: Path, options: list[str], message: str) -> None:
    result = sweep(*options)

    assert result.exit_code == 2
    assert message in result.output
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[swep]\nlr = [1]\n", "there is no table 'swep'. Did you mean 'sweep'?"),
        ("[sweep]\nlr = 1\n", "sweep.lr: expected a list of values, not 1"),
        ("[sweep]\nlr = [0]\n", "lr: 0 is not above 0"),
        ("nonsense", "not a TOML file"),
    ],
)
def test_bad_files(elsewhere: Path, content: str, message: str) -> None:
    (elsewhere / "mine.toml").write_text(content)

    result = sweep("mine.toml")

    assert result.exit_code == 2
    assert message in result.output
