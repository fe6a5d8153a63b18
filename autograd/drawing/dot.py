"""From a picture to DOT, Graphviz's language: what it looks like, and text that cannot break out of its place."""

from __future__ import annotations

from html import escape

from .picture import Box, Kind, Picture

__all__ = ["dot_source"]

# Every text stands on its box's own colour and lines are a middle grey, so that the page may be light or dark.
_INK, _PALE_INK, _LINE = "#0f172a", "#526077", "#8492a6"

_GRAPH = {"bgcolor": "transparent", "nodesep": "0.25", "ranksep": "0.3", "pad": "0.1"}
_BOX = {
    "shape": "box",
    "style": "rounded,filled",
    "fontname": "Helvetica,Arial,sans-serif",  # or what fontconfig has in their place
    "fontsize": "12",
    "fontcolor": _INK,
    "margin": "0.12,0.05",
    "height": "0.3",
    "width": "0.5",
}
_ARROW = {"color": _LINE, "arrowsize": "0.6", "penwidth": "1.1"}
_COLOURS = {
    Kind.OPERATION: {"fillcolor": "#f8fafc", "color": "#94a3b8"},
    Kind.LEAF: {"fillcolor": "#dbeafe", "color": "#60a5fa"},
    Kind.CONSTANT: {"fillcolor": "#fef3c7", "color": "#fbbf24"},
    Kind.OUTPUT: {"fillcolor": "#dcfce7", "color": "#22c55e", "penwidth": "1.6"},
}
_FUSED = {
    "label": "one kernel",
    "labeljust": "r",
    "labelloc": "b",  # where the fewest arrows cross
    "style": "rounded,dashed",
    "color": _LINE,
    "fontname": _BOX["fontname"],
    "fontsize": "9",
    "fontcolor": _LINE,
    "margin": "6",
}
_WIDEST = 36  # characters in one line of a box


def dot_source(picture: Picture, direction: str) -> str:
    """The picture as a DOT digraph that grows from left to right (LR), top to bottom (TB), or against these."""
    from graphviz import Digraph

    dot = Digraph("tapegrad", graph_attr={**_GRAPH, "rankdir": direction}, node_attr=_BOX, edge_attr=_ARROW)
    for number, box in enumerate(picture.boxes):
        ordering = "in" if box.ordered else None  # arguments side by side in their order, where layout allows it
        dot.node(f"n{number}", _label(box), tooltip=_tooltip(box.tooltip), ordering=ordering, **_COLOURS[box.kind])
    for number, fused in enumerate(picture.fused):
        with dot.subgraph(name=f"cluster{number}", graph_attr=_FUSED) as together:
            for member in fused:
                together.node(f"n{member}")
    for arrow in picture.arrows:
        # a straight spine of operations, with leaves and constants at its sides
        weight = "4" if picture.boxes[arrow.source].kind in (Kind.OPERATION, Kind.OUTPUT) else None
        dot.edge(f"n{arrow.source}", f"n{arrow.target}", tooltip=_tooltip(arrow.tooltip), weight=weight)
    return str(dot.source)


def _label(box: Box) -> str:
    """The box's text as a table in Graphviz's HTML: the title in bold, the lines below it smaller and paler."""
    title = f"<b>{_row(box.title)}</b>"
    lines = [f'<font point-size="10" color="{_PALE_INK}">{_row(line)}</font>' for line in box.lines]
    rows = "".join(f'<tr><td align="left">{row}</td></tr>' for row in (title, *lines))
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="1">{rows}</table>>'


def _row(text: str) -> str:
    """Text of a label, with an ellipsis in its middle if it is too wide: both ends of a dotted name matter."""
    half = (_WIDEST - 1) // 2
    row = _escaped(text if len(text) <= _WIDEST else f"{text[:half]}…{text[-half:]}").replace("\\", r"\\")
    return f"&#93;{row[1:]}" if row.startswith("]") else row  # Graphviz 2.43 cannot read a text of `]` alone


def _tooltip(text: str) -> str:
    r"""Text of a tooltip. Graphviz replaces backslash commands, such as `\N`, twice in tooltips and once in labels."""
    return _escaped(text).replace("\\", r"\\\\")


def _escaped(text: str) -> str:
    """Text in which `<`, `&` and quotes are no commands; what cannot be printed becomes its Python escape."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return escape(text)
