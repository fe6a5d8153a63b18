"""The command `menu`: numbers, prompts, wrong answers, Ctrl-C and the end of the input."""

from __future__ import annotations

import builtins
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from examples.mnist.asking import ask, number_in, several
from examples.mnist.commands import mnist
from examples.mnist.commands.menu import ITEMS
from examples.mnist.runs import Run

pytestmark = pytest.mark.usefixtures("offline")
EXIT = str(len(ITEMS) + 1)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def menu(*answers: str) -> Result:
    result = CliRunner().invoke(mnist, ["menu"], input="".join(f"{answer}\n" for answer in answers))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def number_of(title: str) -> str:
    return str(next(number for number, (name, _) in enumerate(ITEMS, 1) if name == title))


def test_it_offers_what_the_program_can_do() -> None:
    result = menu(EXIT)

    assert result.exit_code == 0
    for number, (title, _) in enumerate(ITEMS, 1):
        assert f"{number}  {title}" in result.output
    assert result.output.count("handwritten digits") == 1
    assert "good-bye" in result.output


@pytest.mark.parametrize("answer", ["0", "99", "-1", "two", "1.5", "²"])
def test_a_wrong_answer_is_told_and_asked_again(answer: str) -> None:
    result = menu(answer, "", EXIT)

    assert result.exit_code == 0
    assert f"'{answer}' is not a number from 1 to {EXIT}" in result.output
    assert result.output.count("your choice") == 3


def test_the_end_of_the_input_is_an_exit() -> None:
    assert menu().exit_code == 0
    assert "good-bye" in menu("nonsense").output
    assert menu(number_of("train a model"), "mlp16").exit_code == 0  # in the middle of questions


def test_training_asks_for_model_and_epochs() -> None:
    result = menu(number_of("train a model"), "mpl", "linear", "0", "none", "2", EXIT)

    assert result.exit_code == 0
    assert "there is no model 'mpl'. Did you mean 'mlp'?" in result.output
    assert "'0' is not a number from 1 to 1000" in result.output
    assert "test accuracy on Digits, not on MNIST: " in result.output
    assert Run(Path("runs/mnist/linear-1")).settings.epochs == 2
    assert result.output.count("handwritten digits") == 2  # back at the menu


def test_an_empty_answer_stands_for_the_default() -> None:
    result = menu(number_of("train several configurations"), "linear", "", "1", EXIT)

    assert "which learning rates [0.001,0.01]" in result.output
    assert len(json.loads(Path("runs/sweep/results.json").read_text())) == 2


def test_the_data() -> None:
    assert "Digits: 1,293 images for training" in menu(number_of("download the data"), EXIT).output


def test_an_error_is_told_and_the_menu_goes_on() -> None:
    Path("runs").write_text("in the way")

    result = menu(number_of("train a model"), "linear", "1", EXIT)

    assert result.exit_code == 0
    assert "Error: the output folder cannot be made" in result.output
    assert "good-bye" in result.output


@pytest.mark.parametrize("before", [[], [number_of("train a model")]])
def test_ctrl_c_ends_what_is_being_done(monkeypatch: pytest.MonkeyPatch, before: list[str]) -> None:
    """In a question it leads back to the menu, and at the menu out of the program."""
    given = iter(before)

    def answer(_: str) -> str:
        found = next(given, None)
        if found is None:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(builtins, "input", answer)
    result = CliRunner().invoke(mnist, ["menu"])

    assert result.exit_code == 130
    assert result.output.count("handwritten digits") == 1 + len(before)
    assert result.output.count("stopped; back to the menu") == len(before)


def test_several_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter(["1,x", "1, 2,"])
    monkeypatch.setattr(builtins, "input", lambda _: next(given))

    assert ask("numbers", several(number_in(1, 3))) == [1, 2]
