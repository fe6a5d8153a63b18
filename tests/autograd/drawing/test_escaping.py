"""Names mean themselves, whatever is in them: nothing breaks out of a label, a tooltip, the DOT text or the SVG."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd.drawing import draw

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
NASTY = [
    '"', "'", '"]; evil [label="', "<b>x</b>", "<", ">", "a>b", "&", "&amp;", "&#92;N", "\\", "\\\\", "\\N", "\\\\N",
    "\\G\\l\\n", 'x\\"', "a\nb", "a\r\tb", "\0", "\x1b[31m", "\x7f", "\u202egnp", "\u200b", "\udc80", "\ufffe", "]",
    "]]", "]]>", "[", "<!--", "-->", "<?xml", "<script>alert(1)</script>", "; n0 -> n0", "}", "%s {0}", "a|b", "{a}",
    "  two  spaces  ", " ", "é", "日本語", "🎉", "n0", "node", "http://a/?b=c&d=e",
]  # fmt: skip
# what fits into one line of a box
names = st.text(st.characters(), min_size=1, max_size=30)


def visible(name: str) -> str:
    """A name as it is to be read: unprintable characters as Python writes them."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def drawn(names: list[str]) -> list[tuple[str, ...]]:
    """The title and the tooltip of a box for each name, from an SVG that must hold these boxes and nothing else."""
    root = ET.fromstring(draw([tg.tensor(1.0, True, name=name) for name in names]).render("svg"))
    boxes = [group for group in root.iter(f"{SVG}g") if group.get("class") in ("node", "edge", "cluster")]
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "g", "title", "a", "path", "text"}
    found: list[tuple[str, ...]] = []
    for box in boxes:
        [link] = box.iter(f"{SVG}a")
        title, *_, shape = box.iter(f"{SVG}text")
        assert shape.text == "f64[]"
        assert link.attrib.keys() == {f"{XLINK}title"}
        # Graphviz keeps spaces from collapsing
        found.append(tuple((text or "").replace("\xa0", " ") for text in (title.text, link.get(f"{XLINK}title"))))
    return found


@pytest.mark.usefixtures("route")
def test_nasty_names() -> None:
    assert drawn(NASTY) == [(visible(name), f"{visible(name)}; f64[]; tracked") for name in NASTY]


@pytest.mark.usefixtures("route")
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@example(["x"])
@given(st.lists(names, min_size=1, max_size=30))
def test_any_names(names: list[str]) -> None:
    assert drawn(names) == [(visible(name), f"{visible(name)}; f64[]; tracked") for name in names]


def test_empty_names_are_no_names() -> None:
    assert draw(tg.tensor(1.0, True, name="")).source == draw(tg.tensor(1.0, True)).source


@pytest.mark.usefixtures("route")
@pytest.mark.parametrize("name", NASTY[:16])
def test_names_of_modules(name: str) -> None:
    kind = type(name.replace("\0", "") or "_", (nn.Module,), {"forward": lambda self, x: np.tanh(x) * 2})
    root = ET.fromstring(draw(kind(), np.ones(2)).render("svg"))
    [cluster] = [group for group in root.iter(f"{SVG}g") if group.get("class") == "cluster"]
    [text] = cluster.iter(f"{SVG}text")
    assert (text.text or "").replace("\xa0", " ") == visible(name)
    [link] = cluster.iter(f"{SVG}a")
    assert link.get(f"{XLINK}title") == visible(name)
