"""The command `tune`: trials, pruning, going on, and a storage that cannot be used."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import optuna
import pytest
from click.testing import CliRunner, Result

from examples.mnist.commands import mnist
from examples.mnist.presets import preset
from examples.mnist.runs import Run


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tune(*options: Any) -> Result:
    chosen = [
        "tune",
        "--data",
        "digits",
        "--model",
        "mlp16",
        "--epochs",
        "1",
        "--samples-per-class",
        "20",
        "--out",
        "study",
    ]
    result = CliRunner().invoke(mnist, [*chosen, *map(str, options)], env={"COLUMNS": "140"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def study_in(storage: str = "sqlite:///study/study.db") -> optuna.study.Study:
    return optuna.load_study(study_name="mnist", storage=storage)


def test_a_search_that_goes_on() -> None:
    first = tune("--trials", 2)
    assert first.exit_code == 0, first.output
    assert "2 trials\n" in first.output
    before = study_in().trials

    again = tune("--trials", 4)

    assert "4 trials, 2 of them done before" in again.output
    trials = study_in().trials
    assert len(trials) == 4
    assert [trial.params for trial in trials[:2]] == [trial.params for trial in before]
    assert len({str(trial.params) for trial in trials}) == 4
    assert set(trials[0].params) == {"lr", "batch_size", "momentum", "activation", "hidden"}
    best = study_in().best_trial
    assert f"best: trial {best.number}, in study/trial-{best.number}" in again.output
    run = Run(Path(f"study/trial-{best.number}"))
    assert preset("study/best.toml").settings == run.settings
    assert run.settings.lr == best.params["lr"]
    assert Path("study/search.png").read_bytes()[:4] == b"\x89PNG"


def test_a_setting_that_is_given_does_not_vary() -> None:
    tune("--trials", 1, "--lr", 0.01, "--hidden", "8")

    assert set(study_in().trials[0].params) == {"batch_size", "momentum", "activation"}
    assert Run(Path("study/trial-0")).settings.hidden == (8,)


def test_what_a_model_does_not_have_does_not_vary() -> None:
    tune("--trials", 1, "--model", "linear")

    assert set(study_in().trials[0].params) == {"lr", "batch_size", "momentum"}


def test_bad_trials_are_ended_early() -> None:
    """Four trials that learn; then one that cannot, for its learning rate is next to nothing."""
    study = optuna.create_study(storage=storage_in_folder(), study_name="mnist", direction="maximize")
    for accuracy in (0.9, 0.91, 0.92, 0.93):
        distribution = optuna.distributions.FloatDistribution(1e-4, 0.3, log=True)
        study.add_trial(
            optuna.trial.create_trial(
                params={"lr": 0.01}, distributions={"lr": distribution}, value=accuracy,
                intermediate_values={1: accuracy, 2: accuracy, 3: accuracy},
            )
        )  # fmt: skip

    result = tune("--trials", 5, "--epochs", 3, "--lr", 1e-9, "--hidden", 8, "--activation", "relu", "--batch-size", 64)

    assert result.exit_code == 0, result.output
    last = study_in().trials[-1]
    assert last.state.name == "PRUNED"
    assert max(last.intermediate_values) == 2
    assert ": pruned" in result.output


def storage_in_folder() -> str:
    Path("study").mkdir()
    return "sqlite:///study/study.db"


def test_a_trial_that_diverges_is_pruned() -> None:
    result = tune("--trials", 1, "--lr", 1e30, "--activation", "relu")

    assert result.exit_code == 0, result.output
    assert study_in().trials[0].state.name == "PRUNED"


def test_a_journal_file() -> None:
    assert tune("--trials", 1, "--storage", "journal:study.log").exit_code == 0
    again = tune("--trials", 2, "--storage", "journal:study.log")

    assert "2 trials, 1 of them done before" in again.output


@pytest.mark.parametrize("storage", ["sqlite:///damaged.db", "journal:damaged.db"])
def test_a_storage_that_is_damaged_is_left_as_it_is(elsewhere: Path, storage: str) -> None:
    content = bytes(range(256)) * 8
    (elsewhere / "damaged.db").write_bytes(content)

    result = tune("--storage", storage)

    assert result.exit_code == 1
    assert f"Error: the study in {storage} cannot be opened: " in result.output
    assert "It was left as it is; name another place with --storage" in result.output
    assert (elsewhere / "damaged.db").read_bytes() == content


def test_a_storage_that_was_cut_short_is_left_as_it_is() -> None:
    tune("--trials", 1)
    content = Path("study/study.db").read_bytes()[:50_000]
    Path("study/study.db").write_bytes(content)
    before = Path("study/trial-0/weights.safetensors").read_bytes()

    result = tune("--trials", 2)

    assert result.exit_code == 1
    assert "Error: the study in sqlite:///study/study.db cannot be opened: " in result.output
    assert Path("study/study.db").read_bytes() == content
    assert Path("study/trial-0/weights.safetensors").read_bytes() == before


@pytest.mark.parametrize("storage", ["nonsense", "nosuch://host/db", "sqlite:///nowhere/study.db"])
def test_a_storage_that_there_is_not(storage: str) -> None:
    result = tune("--storage", storage)

    assert result.exit_code == 1
    assert f"Error: the study in {storage} cannot be opened: " in result.output


def test_a_study_whose_trials_were_made_elsewhere() -> None:
    tune("--trials", 1)
    shutil.rmtree("study/trial-0")

    result = tune("--trials", 1)

    assert result.exit_code == 0
    assert "the best trial is not in study: it was made elsewhere" in result.output
