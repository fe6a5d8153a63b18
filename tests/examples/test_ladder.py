"""The command `ladder`: its rows, its table, and where that goes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from examples.mnist.commands import mnist
from examples.mnist.ladder import BEGIN, END, Row, markdown, rungs
from examples.mnist.presets import preset


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ladder(*options: Any) -> Result:
    chosen = ["ladder", "--data", "digits", "--epochs", "1", *map(str, options)]
    result = CliRunner().invoke(mnist, chosen, env={"COLUMNS": "160"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_it_has_every_row_of_the_systems() -> None:
    assert [each.name for each in rungs()] == [
        "dense", "cnn", "linear10", "mlp128", "mlp128-leaky", "cnn-dropout", "twodigit-mlp", "twodigit-cnn", "mlp16",
        "mlp", "tiny", "best",
    ]  # fmt: skip
    goals = {each.name: each.rung.goal for each in rungs() if each.rung is not None}
    assert (goals["cnn"], goals["twodigit-cnn"], goals["mlp"]) == ([99.3], [99.0, 99.0], [98.4])


def test_a_table_with_our_figures_beside_theirs() -> None:
    result = ladder("mlp16", "linear10", "--seeds", 2)

    assert result.exit_code == 0, result.output
    rows = json.loads(Path("runs/ladder/ladder.json").read_text())
    assert [row["name"] for row in rows] == ["linear10", "mlp16"]
    found = [
        json.loads(Path(f"runs/ladder/preset=mlp16,seed={seed}/result.json").read_text())["test"]["accuracy"]
        for seed in (0, 1)
    ]
    assert found[0] != found[1]
    assert rows[1]["accuracies"] == [pytest.approx(50 * sum(found))]
    assert (rows[1]["parameters"], rows[1]["seeds"], rows[1]["reached"]) == (13002, 2, False)
    assert "92.05; 92.99 %" in result.output
    assert "4 of 4" in result.output
    assert "trained on Digits, not on MNIST" in result.output


def test_it_goes_on_and_begins_anew() -> None:
    ladder("mlp16")
    result = Path("runs/ladder/preset=mlp16,seed=0/result.json")
    before = result.stat().st_mtime_ns

    ladder("mlp16", "tiny")
    assert result.stat().st_mtime_ns == before
    ladder("mlp16", "--reset")
    assert result.stat().st_mtime_ns != before


def test_what_was_trained_otherwise_is_not_taken_for_it() -> None:
    ladder("mlp16")

    result = ladder("mlp16", "--epochs", 2)

    assert result.exit_code == 1
    assert "holds a run with other settings" in result.output


def row(
    accuracies: tuple[float, ...], goal: tuple[float, ...], seconds: float = 1.0, limit: float | None = None
) -> Row:
    rung = preset("mlp").rung
    assert rung is not None
    return Row("mlp", replace(rung, goal=goal, seconds=limit), accuracies, 235_146, seconds, 3)


@pytest.mark.parametrize(
    ("found", "reached"),
    [
        (row((98.4,), (98.4,)), True),
        (row((98.39,), (98.4,)), False),
        (row((99.0, 98.9), (99.0, 99.0)), False),
        (row((99.0, 99.1), (99.0, 99.0)), True),
        (row((98.5,), (98.4,), seconds=21, limit=20), False),
        (row((98.5,), (98.4,), seconds=20, limit=20), True),
        (row((98.5,), ()), None),
        (row((), (98.4,)), False),
    ],
)
def test_what_is_reached(found: Row, reached: bool | None) -> None:
    assert found.reached is reached


def test_the_table_of_the_readme() -> None:
    table = markdown([row((98.456,), (98.4,), limit=20), row((98.1, 99.0), (99.0, 99.0))]).splitlines()

    assert table[0] == "| system | model | preset | theirs | ours | goal | parameters | training |"
    assert "| **98.46 %** | 98.4 % in 20 s | 235,146 | 1 s |" in table[2]
    assert "| 98.10; 99.00 % | 99; 99 % |" in table[3]


def test_figures_of_other_data_never_go_into_a_readme(elsewhere: Path) -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    (elsewhere / "README.md").write_text(text)

    assert ladder("mlp16", "--readme", "README.md").exit_code == 0
    assert (elsewhere / "README.md").read_text() == text


def test_the_table_goes_between_the_markers(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / "README.md").write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    monkeypatch.setattr("examples.mnist.commands.ladder.STAND_IN", "nothing")

    ladder("mlp16", "--readme", "README.md")

    text = (elsewhere / "README.md").read_text()
    assert text.startswith(f"before\n{BEGIN}\n\n| system |")
    assert text.endswith(f"\n{END}\nafter\n")
    assert "old" not in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["mlp61"], "there is no row 'mlp61'. Did you mean 'mlp16'?"),
        (["fast"], "there is no row 'fast'"),
        (["--skip", "bst"], "there is no row 'bst'. Did you mean 'best'?"),
        (["--readme", "plain.md"], "plain.md has no lines <!-- ladder --> and <!-- /ladder -->"),
        (["--readme", "nowhere.md"], "'nowhere.md' does not exist"),
    ],
)
def test_bad_options(elsewhere: Path, options: list[str], message: str) -> None:
    (elsewhere / "plain.md").write_text("plain")

    result = ladder(*options)

    assert result.exit_code == 2
    assert message in result.output
    assert not (elsewhere / "runs").exists()
