"""A notebook, as IPython's display functions see it."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tapegrad.nn.training import Curves
from tapegrad.nn.training.showing import display_here
from tapegrad.nn.training.showing.notebook import Notebook

from ..problems import loaders, trainer


class Output:
    """One that is replaced."""

    def __init__(self, first: Any) -> None:
        self.shown = [first]

    def update(self, content: Any) -> None:
        self.shown.append(content)


@pytest.fixture
def outputs(monkeypatch: pytest.MonkeyPatch) -> list[Output]:
    """What is displayed in a notebook that is made of the functions that we use."""
    made: list[Output] = []

    def display(content: Any, *, display_id: bool) -> Output:
        assert display_id is True
        made.append(Output(content))
        return made[-1]

    ipython, functions = ModuleType("IPython"), ModuleType("IPython.display")
    ipython.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    ipython.version_info = (9, 0)  # type: ignore[attr-defined]
    functions.display = display  # type: ignore[attr-defined]
    functions.HTML = lambda text: text  # type: ignore[attr-defined]
    functions.Image = lambda **options: (options["format"], options["data"])  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", functions)
    return made


def test_a_training_has_one_output_and_one_picture(outputs: list[Output]) -> None:
    t = trainer(callbacks=[Curves()])
    assert type(t.display) is Notebook
    assert t.progress is not None
    t.fit(*loaders(), epochs=2)
    text, picture = sorted(outputs, key=lambda output: isinstance(output.shown[0], tuple))
    assert "<progress value=" in text.shown[0]
    assert "epoch 1/2" in text.shown[0]
    assert text.shown[-1].partition(">")[2].startswith("epoch      loss  val_loss  accuracy")
    assert text.shown[-1].count("\n") == 2
    assert "<progress" not in text.shown[-1]
    assert picture.shown
    t.display.curves(t.history)
    t.display.curves(t.history)
    assert len(outputs) == 3
    assert len(outputs[2].shown) == 2
    assert all(kind == "png" and data.startswith(b"\x89PNG") for kind, data in outputs[2].shown + picture.shown)


def test_the_next_training_has_an_output_of_its_own(outputs: list[Output]) -> None:
    t = trainer()
    t.fit(*loaders(), epochs=1)
    t.fit(*loaders(), epochs=2)
    assert len(outputs) == 2
    t.display.interval = 0.0
    t.evaluate(loaders()[1])
    assert "evaluating" in outputs[2].shown[0]
    assert outputs[2].shown[-1] == ""


def test_names_are_text(outputs: list[Output]) -> None:
    display = Notebook()
    display.line("a < b")
    display.bar("<epoch>", None, "x & y")
    assert outputs[0].shown[-1] == (
        '<pre style="font-family: monospace; line-height: 1.4">a &lt; b</pre>'
        "<div><code>&lt;epoch&gt;</code> <progress></progress> <code>x &amp; y</code></div>"
    )


def test_ipython_in_a_terminal_is_no_notebook(outputs: list[Output], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", SimpleNamespace)
    assert type(display_here()) is not Notebook
