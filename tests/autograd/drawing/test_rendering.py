"""Images: from both routes to Graphviz, and from neither."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import tapegrad as tg
from tapegrad.autograd.drawing import Drawing, RenderingError, draw
from tapegrad.autograd.drawing.rendering import render

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawing() -> Drawing:
    x = tg.tensor(np.ones((2, 3)), requires_grad=True, name="x")
    return draw(np.tanh(x).sum())


def put_dot(folder: Path, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program called `dot` on the PATH, first."""
    path = folder / "dot"
    path.write_text(f"#!{sys.executable}\nimport os, sys\n{program}\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("route")
def test_svg(drawing: Drawing) -> None:
    root = ET.fromstring(drawing.render("svg"))
    legend = 3
    texts = [text.text for text in root.iter(f"{SVG}text") if (text.text or "").strip()][legend:]
    assert texts == ["x", "f64[2, 3]", "tanh", "f64[2, 3]", "sum", "f64[]"]
    kinds = [group.get("class") for group in root.iter(f"{SVG}g")]
    assert (kinds.count("node"), kinds.count("edge")) == (3, 2)


@pytest.mark.usefixtures("route")
def test_png(drawing: Drawing) -> None:
    svg = drawing.render("svg").decode()
    png = drawing.render("png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    height = re.search(r'height="([0-9.]+)pt"', svg)
    assert height is not None
    pixels = int.from_bytes(png[20:24], "big")
    assert pixels == pytest.approx(float(height[1]) * 192 / 72, rel=0.02)  # 192 pixels an inch, 72 points


@pytest.mark.usefixtures("route")
def test_pdf(drawing: Drawing) -> None:
    assert drawing.render("pdf").startswith(b"%PDF-")


@pytest.mark.usefixtures("route")
def test_nothing_is_printed(drawing: Drawing, capfd: pytest.CaptureFixture[str]) -> None:
    drawing.render("svg")
    assert capfd.readouterr() == ("", "")


def test_other_formats(drawing: Drawing) -> None:
    with pytest.raises(ValueError, match="format must be one of svg, png, pdf, got 'bmp'"):
        drawing.render("bmp")


def test_dot_comes_first(drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_dot(tmp_path, "sys.stdout.write(' '.join(sys.argv[1:]) + ' ' + sys.stdin.read())", monkeypatch)
    assert drawing.render("svg").decode() == f"-Tsvg {drawing.source}"
    assert drawing.render("png").decode() == f"-Tpng -Gdpi=192 {drawing.source}"


def test_neither(drawing: Drawing, no_dot: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(RenderingError, match=re.escape('pip install "tapegrad[viz]"') + ".*apt-get install graphviz"):
        drawing.render("svg")


@pytest.mark.usefixtures("route")
def test_what_graphviz_says_of_broken_dot() -> None:
    with pytest.raises(RenderingError, match=r"Graphviz could not draw this graph: .*[Ii]nvalid|syntax error"):
        render("digraph { a -> }", "svg")


def test_what_a_failing_dot_says(drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_dot(tmp_path, "sys.exit('Format: \"svg\" not recognized')", monkeypatch)
    with pytest.raises(RenderingError, match='could not draw this graph: Format: "svg" not recognized'):
        drawing.render("svg")
    put_dot(tmp_path, "sys.exit(3)", monkeypatch)
    with pytest.raises(RenderingError, match="exit status 3"):
        drawing.render("svg")


def test_a_crash_is_an_error(drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_dot(tmp_path, "sys.stdin.read(); os.kill(os.getpid(), 9)", monkeypatch)
    with pytest.raises(RenderingError, match=r"it crashed \(signal 9\)"):
        drawing.render("svg")


def test_endless_layout_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_dot(tmp_path, "import time; time.sleep(600)", monkeypatch)
    with pytest.raises(RenderingError, match=r"did not finish this graph in 0\.2 seconds.*anyway=True"):
        render("digraph {}", "svg", 0.2)


def chain(length: int) -> Drawing:
    y = tg.tensor(1.0, requires_grad=True)
    for _ in range(length):
        y = -y
    return draw(y)


def test_pages_and_text_need_no_graphviz(
    drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_dot: None
) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    drawing.save(tmp_path / "graph.html")
    assert "sum = sum(tanh)" in drawing.text()
    with pytest.raises(RenderingError, match=r"\.text\(\) and \.save\('graph.html'\) show the graph"):
        drawing.save(tmp_path / "graph.png")


def test_a_picture_too_large_for_pixels_is_an_error(
    drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_dot(
        tmp_path, "print('dot: graph is too large for cairo-renderer bitmaps. Scaling', file=sys.stderr)", monkeypatch
    )
    with pytest.raises(RenderingError, match=r"too large for a png file.*depth=.*svg"):
        drawing.render("png")


@pytest.mark.usefixtures("route")
def test_large_graphs_stand_in_layers() -> None:
    drawing = chain(700)
    root = ET.fromstring(drawing.render("svg"))
    nodes = [group for group in root.iter(f"{SVG}g") if group.get("class") == "node"]
    assert len(nodes) == 701
    heights = [float(next(node.iter(f"{SVG}text")).get("y", "")) for node in nodes]
    assert heights == sorted(heights)


def test_large_graphs_are_left_to_graphviz_when_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_dot: None
) -> None:
    put_dot(tmp_path, "print(*sys.argv[1:])", monkeypatch)
    drawing = chain(700)
    assert drawing.render("svg") == b"-Tsvg -Kneato -n2\n"
    assert drawing.render("svg", anyway=True) == b"-Tsvg\n"
    assert chain(500).render("svg") == b"-Tsvg\n"
