"""From a picture to DOT, Graphviz's language: what it looks like, and text that cannot break out of its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from typing import Any

from .look import COLOURS, INK, LINE, PALE_INK, WIDEST, WIDEST_LINE, clipped, kinds_in, shown_title, tooltip, words
from .picture import LEAVES, Kind, Picture

__all__ = ["dot_source"]

_FONT = "Helvetica,Arial,sans-serif"  # or what fontconfig has in their place
_GRAPH = {"bgcolor": "transparent", "nodesep": "0.2", "ranksep": "0.24", "pad": "0.1", "fontname": _FONT}
_BOX = {
    "shape": "box",
    "style": "rounded,filled",
    "fontname": _FONT,
    "fontsize": "12",
    "fontcolor": INK,
    "margin": "0.12,0.05",
    "height": "0.3",
    "width": "0.5",
}
_ARROW = {"color": LINE, "arrowsize": "0.6", "penwidth": "1.1"}
_OUTPUT = {"penwidth": "2.4", "color": "#16a34a"}
_MODULE = {
    "style": "rounded,filled",
    "color": "#cbd5e1",
    "fontsize": "11",
    "fontcolor": PALE_INK,
    "labelloc": "t",
    "labeljust": "l",
    "margin": "8",
}
_MODULE_FILLS = ("#f8fafc", "#eef2f6")  # by turns, from the outermost inwards
_FUSED = {
    "label": "one kernel",
    "labeljust": "r",
    "labelloc": "b",  # where the fewest arrows cross
    "style": "rounded,dashed",
    "color": LINE,
    "fontname": _FONT,
    "fontsize": "9",
    "fontcolor": LINE,
    "margin": "6",
}
_LEGEND_FROM = 3  # kinds; fewer explain themselves


def dot_source(
    picture: Picture, direction: str, memory: bool = False, positions: Sequence[tuple[float, float]] | None = None
) -> str:
    """The picture as a DOT digraph that grows from left to right (LR), top to bottom (TB), or against these.

    With positions for the boxes, in points, the boxes of modules are left out, for Graphviz only draws then.
    """
    from graphviz import Digraph

    placed = {} if positions is None else {"splines": "line"}
    graph = {**_GRAPH, "rankdir": direction, **placed}
    dot = Digraph("tapegrad", graph_attr=graph, node_attr=_BOX, edge_attr=_ARROW)
    caption = _caption(picture)
    if caption:
        dot.attr("graph", label=caption, labelloc="b")
    for number, box in enumerate(picture.boxes):
        look = dict(zip(("fillcolor", "color"), COLOURS[box.kind], strict=True))
        dot.node(
            f"n{number}",
            _label(shown_title(picture, box), words(box, memory), box.array),
            tooltip=_tooltip(tooltip(box)),
            ordering="in" if box.ordered else None,  # arguments side by side in their order, where layout allows it
            pos=None if positions is None else "{:.0f},{:.0f}".format(*positions[number]),
            **{**look, **(_OUTPUT if box.output else {})},
        )
    if positions is None:
        _add_groups(dot, picture)
    for arrow in picture.arrows:
        # a straight spine of operations, with leaves and constants at its sides
        weight = None if picture.boxes[arrow.source].kind in LEAVES else "4"
        dot.edge(f"n{arrow.source}", f"n{arrow.target}", tooltip=_tooltip(arrow.label), weight=weight)
    return str(dot.source)


def _add_groups(dot: Any, picture: Picture) -> None:
    """Boxes around boxes, the innermost first: what a subgraph holds is copied when it is added."""
    from graphviz import Digraph

    inside: dict[int | None, list[int]] = defaultdict(list)
    for number, box in enumerate(picture.boxes):
        inside[box.group].append(number)
    parts: dict[int | None, Any] = {None: dot}
    for number, group in enumerate(picture.groups):
        fill = _MODULE_FILLS[len(picture.around(group.parent)) % 2]
        look = {**_MODULE, "bgcolor": fill, "fillcolor": fill, "tooltip": _tooltip(group.title())}
        parts[number] = Digraph(
            f"cluster{number}", graph_attr={**look, "label": f"<<b>{_row(picture.title_of(number), 80)}</b>>"}
        )
        for member in inside[number]:
            parts[number].node(f"n{member}")
    first = len(picture.groups)
    for number, members in enumerate(picture.fused, start=first):
        around = {picture.boxes[member].group for member in members}
        if len(around) == 1:  # boxes in different modules cannot stand in one of their own
            with parts[around.pop()].subgraph(name=f"cluster{number}", graph_attr=_FUSED) as together:
                for member in members:
                    together.node(f"n{member}")
    for number in sorted(range(first), key=lambda group: -len(picture.around(group))):
        parts[picture.groups[number].parent].subgraph(parts[number])


def _label(title: str, lines: list[str], array: str = "") -> str:
    """A box's text as a table in Graphviz's HTML: the title in bold, the rest smaller and paler."""
    first = f"<b>{_row(title)}</b>"
    if array and len(title) + len(array) > WIDEST:
        lines = [array, *lines]
    elif array:
        first += f' <font point-size="10" color="{PALE_INK}">{_row(array)}</font>'
    rows = [first, *(f'<font point-size="10" color="{PALE_INK}">{_row(line, WIDEST_LINE)}</font>' for line in lines)]
    cells = "".join(f'<tr><td align="left">{row}</td></tr>' for row in rows)
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="1">{cells}</table>>'


def _caption(picture: Picture) -> str:
    """The legend, a coloured cell for each kind, and the notes."""
    kinds = kinds_in(picture)
    rows = []
    if len(kinds) >= _LEGEND_FROM:
        cells = "".join(_legend_cell(kind) for kind in kinds)
        rows.append(
            '<tr><td><table border="0" cellborder="1" cellspacing="5" cellpadding="3">'
            f"<tr>{cells}</tr></table></td></tr>"
        )
    rows += [
        f'<tr><td><font point-size="10" color="{LINE}">{_row(note, 200)}</font></td></tr>' for note in picture.notes
    ]
    return f'<<table border="0" cellspacing="0" cellpadding="2">{"".join(rows)}</table>>' if rows else ""


def _legend_cell(kind: Kind) -> str:
    fill, border = COLOURS[kind]
    return f'<td bgcolor="{fill}" color="{border}"><font point-size="9" color="{INK}">{kind.value}</font></td>'


def _row(text: str, widest: int = WIDEST) -> str:
    """Text of a label in one line."""
    row = _escaped(clipped(text, widest)).replace("\\", r"\\")
    return f"&#93;{row[1:]}" if row.startswith("]") else row  # Graphviz 2.43 cannot read a text of `]` alone


def _tooltip(text: str) -> str:
    r"""Text of a tooltip. Graphviz replaces backslash commands, such as `\N`, twice in tooltips and once in labels."""
    return _escaped(text).replace("\\", r"\\\\")


def _escaped(text: str) -> str:
    """Text in which `<`, `&` and quotes are no commands; what cannot be printed becomes its Python escape."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return escape(text)
