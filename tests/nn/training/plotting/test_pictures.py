"""Pictures: the lines that matplotlib was given, and whole files."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from tapegrad.nn.training import History

from .histories import history


def test_two_panels_with_three_lines_each() -> None:
    figure = history(12).plot()
    loss, accuracy = figure.axes
    assert [axes.get_title() for axes in figure.axes] == ["loss", "accuracy"]
    for axes in figure.axes:
        assert [text.get_text() for text in axes.get_legend().get_texts()] == ["training", "validation"]
        assert len({line.get_color() for line in axes.lines}) == 2
        assert axes.get_xlabel() == "epochs"
    np.testing.assert_array_equal(loss.lines[2].get_xdata(), np.arange(10, 121, 10))
    np.testing.assert_allclose(accuracy.lines[0].get_ydata(), 1 - 1 / np.arange(2, 122))
    assert (loss.get_yscale(), accuracy.get_yscale()) == ("log", "linear")
    assert [label.get_text() for label in loss.get_xticklabels()] == ["2", "4", "6", "8", "10", "12"]
    np.testing.assert_array_equal(loss.get_xticks(), [20, 40, 60, 80, 100, 120])


def test_a_notebook_shows_it() -> None:
    assert history().plot()._repr_png_().startswith(b"\x89PNG")


def test_axes_of_ones_own() -> None:
    figure = Figure()
    axes = figure.subplots(1, 2)
    assert history().plot(axes=axes) is figure
    assert [len(each.lines) for each in axes] == [3, 3]
    one = Figure().subplots()
    history().plot(axes=[one])
    assert len(one.lines) == 3


def test_a_head_has_its_colours_in_both_panels() -> None:
    loss, hits = history(heads=True).plot().axes
    colours = [{line.get_label(): line.get_color() for line in axes.lines} for axes in (loss, hits)]
    assert colours[0]["b validation"] == colours[1]["b validation"]
    assert len({colours[0][label] for label in colours[0] if not label.startswith("_")}) == 6


def test_before_the_first_epoch_ends() -> None:
    (axes,) = History(steps=[{"step": i, "lr": 0.1, "loss": 1.0} for i in range(1, 5)]).plot().axes
    assert axes.get_xlabel() == "updates"
    assert axes.get_legend() is None
    with pytest.raises(ValueError, match=r"History.plot: there are no figures yet; train first"):
        History().plot()


@pytest.mark.parametrize(("name", "start"), [("c.png", b"\x89PNG"), ("c.svg", b"<?xml"), ("d/c.pdf", b"%PDF")])
def test_files(tmp_path: Path, name: str, start: bytes) -> None:
    history().plot(tmp_path / name)
    content = (tmp_path / name).read_bytes()
    assert content.startswith(start)
    assert [path.name for path in tmp_path.rglob("c.*")] == [Path(name).name]


def test_a_picture_of_many_updates_stays_small(tmp_path: Path) -> None:
    history(2, 20_000).plot(tmp_path / "c.png")
    assert (tmp_path / "c.png").stat().st_size < 60_000
    with Image.open(tmp_path / "c.png") as picture:
        assert picture.size == (1100, 396)


def test_a_format_that_there_is_not_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "c.docx").write_text("old", "utf-8")
    with pytest.raises(ValueError, match="docx"):
        history().plot(tmp_path / "c.docx")
    assert (tmp_path / "c.docx").read_text("utf-8") == "old"


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("matplotlib", "matplotlib.figure"):
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(ImportError, match=r'pip install "tapegrad\[viz\]"'):
        history().plot()
