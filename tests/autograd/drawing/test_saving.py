"""Files: the format by its suffix, whole or not at all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import tapegrad as tg
from tapegrad.autograd import exp
from tapegrad.autograd.drawing import Drawing, RenderingError, draw


@pytest.fixture
def drawing() -> Drawing:
    return draw(exp(tg.tensor(1.0, requires_grad=True)))


@pytest.mark.usefixtures("route")
@pytest.mark.parametrize(
    ("suffix", "beginning"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("SVG", b"<?xml")]
)
def test_images(drawing: Drawing, tmp_path: Path, suffix: str, beginning: bytes) -> None:
    drawing.save(tmp_path / f"graph.{suffix}")
    assert (tmp_path / f"graph.{suffix}").read_bytes().startswith(beginning)


@pytest.mark.parametrize("suffix", ["dot", "gv"])
def test_text(drawing: Drawing, tmp_path: Path, suffix: str) -> None:
    drawing.save(str(tmp_path / f"graph.{suffix}"))
    assert (tmp_path / f"graph.{suffix}").read_text(encoding="utf-8") == drawing.source
    assert [path.name for path in tmp_path.iterdir()] == [f"graph.{suffix}"]


def test_text_for_terminals_and_pages(drawing: Drawing, tmp_path: Path) -> None:
    drawing.save(tmp_path / "graph.txt")
    assert (tmp_path / "graph.txt").read_text(encoding="utf-8") == drawing.text() == str(drawing)
    drawing.save(tmp_path / "graph.html")
    assert (tmp_path / "graph.html").read_text(encoding="utf-8") == drawing.html()


@pytest.mark.parametrize("name", ["graph", "graph.jpeg", "svg", ".svg"])
def test_other_suffixes(drawing: Drawing, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"must end in one of \.svg, \.png, \.pdf, \.dot, \.gv, \.html, \.txt, got"):
        drawing.save(tmp_path / name)


def test_no_folder(drawing: Drawing, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*missing.*; make it first"):
        drawing.save(tmp_path / "missing" / "graph.dot")
    (tmp_path / "file").write_text("")
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*file"):
        drawing.save(tmp_path / "file" / "graph.dot")


def test_a_place_that_cannot_be_written(drawing: Drawing, tmp_path: Path) -> None:
    path = tmp_path / "graph.dot"
    path.mkdir()
    with pytest.raises(IsADirectoryError, match="cannot save the drawing") as caught:
        drawing.save(path)
    assert caught.value.filename == str(path)
    with pytest.raises(OSError, match="cannot save the drawing: File name too long"):
        drawing.save(tmp_path / f"{'n' * 300}.dot")
    assert list(tmp_path.iterdir()) == [path]


def test_failure_leaves_what_was_there(
    drawing: Drawing, tmp_path: Path, no_dot: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "graph.svg"
    path.write_text("before")
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(RenderingError):
        drawing.save(path)
    assert path.read_text() == "before"
    assert {entry.name for entry in tmp_path.iterdir()} == {"graph.svg", "empty"}
