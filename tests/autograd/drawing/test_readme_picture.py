"""The README's picture is what its script draws today."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

IMAGES = Path(__file__).resolve().parents[3] / "docs" / "images"


def words(svg: Path) -> list[str | None]:
    """All text in the picture; where it stands depends on fonts and on the version of Graphviz."""
    return [text.text for text in ET.parse(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.usefixtures("route")
def test_the_script_draws_it(tmp_path: Path) -> None:
    script = shutil.copy(IMAGES / "draw_graph.py", tmp_path)
    subprocess.run([sys.executable, script], check=True)
    assert words(tmp_path / "graph.svg") == words(IMAGES / "graph.svg")
    assert (IMAGES / "graph.svg").stat().st_size < 20_000
