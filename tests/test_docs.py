"""The programs in the documentation run, and its links lead somewhere."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "benchmarks" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        assert target.startswith("http") or (page.parent / target).exists(), target


def test_the_tutorial_on_testing(tmp_path: Path) -> None:
    """Its programs, one after the other, are a test file that passes."""
    text = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.S))
    tests = set(re.findall(r"^(?:def )?(test_\w+)", code, re.M))
    (tmp_path / "test_tutorial.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_tutorial.py"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{len(tests)} passed" in run.stdout
    assert len(tests) == 3


def test_the_tutorial_on_transforms() -> None:
    """Its examples print what it says."""
    page = ROOT / "docs" / "transforms.md"
    results = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert results.failed == 0
    assert results.attempted > 30


def test_the_tutorial_on_data() -> None:
    """Its examples print what it says."""
    page = ROOT / "docs" / "data.md"
    results = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert results.failed == 0
    assert results.attempted > 30


def test_the_page_on_inspection() -> None:
    """Its examples print what it says."""
    page = ROOT / "docs" / "inspection.md"
    results = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert results.failed == 0
    assert results.attempted > 10


def test_the_tutorial_on_training() -> None:
    """Its examples print what it says."""
    page = ROOT / "docs" / "training.md"
    results = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert results.failed == 0
    assert results.attempted > 50


def test_the_gallery_of_drawings(tmp_path: Path) -> None:
    """Its programs draw the pictures that it shows, and print what it says."""
    text = (ROOT / "docs" / "drawing.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.S))
    command = [sys.executable, "-W", "error", "-c", code]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    [printed] = re.findall(r"```\n(x  \(input\).*?)```", text, re.S)
    assert run.stdout == printed
    drawn = {path.name: words(path) for path in tmp_path.glob("*.svg")}
    shown = set(re.findall(r"\(images/(\w+\.svg)\)", text))
    assert drawn.keys() == shown
    for name in shown:
        path = ROOT / "docs" / "images" / name
        assert drawn[name] == words(path), f"docs/images/{name}"
        assert path.stat().st_size < 150_000
    assert (tmp_path / "encoder.html").stat().st_size > 10_000


def words(svg: Path) -> list[str]:
    """All text in a picture, without the digits of what was measured; where it stands depends on fonts."""
    texts = [text.text or "" for text in ET.parse(svg).iter("{http://www.w3.org/2000/svg}text")]
    return [re.sub(r"[-+\d.e]+", "#", text) if "±" in text or "‖" in text else text for text in texts]
