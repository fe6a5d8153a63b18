"""What a notebook is given to show."""

from __future__ import annotations

import sys
from xml.etree import ElementTree as ET

import pytest

import tapegrad as tg
from tapegrad.autograd import exp
from tapegrad.autograd.drawing import Drawing, draw


@pytest.fixture
def drawing() -> Drawing:
    return draw(exp(tg.tensor(1.0, requires_grad=True)))


@pytest.mark.usefixtures("route")
def test_an_image(drawing: Drawing) -> None:
    bundle = drawing._repr_mimebundle_()
    assert bundle.keys() == {"image/svg+xml", "text/plain"}
    assert bundle["image/svg+xml"] == drawing._repr_svg_()
    assert ET.fromstring(drawing._repr_svg_()).tag.endswith("svg")
    assert bundle["text/plain"] == repr(drawing) == "Drawing(boxes=2, arrows=1)"


def test_words_where_there_is_no_graphviz(drawing: Drawing, no_dot: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    bundle = drawing._repr_mimebundle_()
    assert bundle.keys() == {"text/plain"}
    assert 'pip install "tapegrad[viz]"' in bundle["text/plain"]
