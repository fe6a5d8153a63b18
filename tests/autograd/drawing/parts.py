"""What a drawing's DOT text says, taken apart."""

from __future__ import annotations

import re
from html import unescape

from tapegrad.autograd.drawing import Drawing


def rows(drawing: Drawing) -> list[list[str]]:
    """The pieces of text in each box: its title, its array, its other lines."""
    labels = re.findall(r"^\t+n\d+ \[label=<(.*?)> color", drawing.source, re.MULTILINE)
    return [[piece.strip() for piece in re.findall(r">([^<>]*[^<> ][^<>]*)<", label)] for label in labels]


def titles(drawing: Drawing) -> list[str]:
    """The titles of the boxes."""
    return [unescape(box[0]) for box in rows(drawing)]


def arrows(drawing: Drawing) -> list[tuple[str, str]]:
    """Between which boxes arrows lead, by title."""
    names = titles(drawing)
    return [(names[int(a)], names[int(b)]) for a, b in re.findall(r"n(\d+) -> n(\d+)", drawing.source)]


def modules(drawing: Drawing) -> list[str]:
    """The titles of boxes around boxes."""
    return [unescape(title) for title in re.findall(r"label=<<b>([^<]*)</b>>", drawing.source)]
