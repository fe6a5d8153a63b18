"""Ctrl-C during searches: a real signal to this process, at the end of the second epoch."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from examples.mnist import data, training
from examples.mnist.commands import mnist
from examples.mnist.commands.menu import ITEMS
from examples.mnist.sources import SOURCES
from tapegrad.nn.training import JSONLines, Trainer


class Interrupting(JSONLines):
    """A log that presses Ctrl-C."""

    def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        super().on_epoch_end(trainer, figures)
        if figures["epoch"] == 2:
            signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize(
    ("command", "folder"),
    [
        (["train", "--model", "linear"], ""),
        (["sweep", "--model", "linear", "--set", "lr=0.01,0.02"], "lr=0.01"),
        (["tune", "--model", "linear", "--trials", "2"], "trial-0"),
        (["ladder", "linear10", "--seeds", "2"], "preset=linear10,seed=0"),
    ],
)
def test_the_training_at_hand_is_kept_and_the_rest_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str], folder: str
) -> None:
    chosen = [*command, "--data", "digits", "--epochs", "4", "--out", str(tmp_path)]
    with monkeypatch.context() as patched:
        patched.setattr(training, "JSONLines", Interrupting)
        stopped = CliRunner().invoke(mnist, chosen)

    assert stopped.exit_code == 130
    assert "stopped by Ctrl-C" in stopped.stdout
    assert (tmp_path / folder / "last.safetensors").exists()
    assert len(list(tmp_path.rglob("last.safetensors"))) == 1

    again = CliRunner().invoke(mnist, ["train", "--resume", "--out", str(tmp_path)] if not folder else chosen)

    assert again.exit_code == 0
    lines = (tmp_path / folder / "log.jsonl").read_text(encoding="utf-8").splitlines()
    trained = 4 if command[0] != "tune" else 2  # a search tries something else instead
    assert len(lines) == trained


def test_from_the_menu_it_leads_back_to_the_menu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(training, "JSONLines", Interrupting)
    monkeypatch.setattr(data, "SOURCES", dict.fromkeys(SOURCES, SOURCES["digits"]))
    numbers = {title: str(number) for number, (title, _) in enumerate(ITEMS, 1)}

    answers = [numbers["train several configurations"], "linear", "0.01", "3", numbers["train a model"], "linear", "3"]
    result = CliRunner().invoke(mnist, ["menu"], input="\n".join([*answers, str(len(ITEMS) + 1), ""]))

    assert result.exit_code == 0
    assert result.output.count("stopped by Ctrl-C") == 2
    assert result.output.count("handwritten digits") == 3
    assert "good-bye" in result.output


def test_ctrl_c_outside_of_the_training(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("examples.mnist.commands.train.load", interrupted)

    result = CliRunner().invoke(mnist, ["train", "--out", str(tmp_path / "run")])

    assert result.exit_code == 130
    assert "stopped by Ctrl-C" in result.stderr
    assert not (tmp_path / "run").exists()
