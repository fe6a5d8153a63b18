"""Writing the page: the picture as JSON, which can close no element around it, between the parts that stand beside."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from pathlib import Path
from typing import Any

from ..look import COLOURS, details, kinds_in, shown_title, words
from ..picture import LEAVES, Box, Kind, Picture
from .modules import closed_at_first, module_boxes

__all__ = ["page"]

_ESCAPED = re.compile(r"\\[bfnrtu]")  # what JSON writes for control characters, and perhaps a name with a backslash
_SCRIPTS = ("layout.js", "view.js", "panel.js")


def page(picture: Picture, closed: set[int], direction: str, memory: bool) -> str:
    """The whole page. All text from the user is data: in JSON without `<`, and shown as text alone.

    Args:
        closed: the groups that are closed at first.
    """
    kinds = [kind for kind in Kind if kind in {*kinds_in(picture), *({Kind.MODULE} if picture.groups else ())}]
    script = "\n".join(_part(name) for name in _SCRIPTS)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    parts = {
        "title": escape(_title(picture)),
        "hash": f"sha256-{digest}",
        "style": _part("page.css"),
        "data": _json(_data(picture, kinds, closed, direction, memory)),
        "script": script,
    }
    pieces = _part("page.html").split("@")  # text, name, text, name ..., text
    return "".join(parts[piece] if i % 2 else piece for i, piece in enumerate(pieces))


def _part(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _title(picture: Picture) -> str:
    outputs = [box.title for box in picture.boxes if box.output]
    outermost = picture.groups[0].type if picture.groups else ""
    return outermost or _visible(", ".join(outputs[:3])) or "graph"


def _data(picture: Picture, kinds: list[Kind], closed: set[int], direction: str, memory: bool) -> dict[str, Any]:
    numbers = {kind: i for i, kind in enumerate(kinds)}
    inside, modules = module_boxes(picture)
    closed = closed_at_first(picture, closed)
    return {
        "direction": direction,
        "notes": picture.notes,
        "kinds": [{"name": kind.value, "colours": COLOURS[kind]} for kind in kinds],
        "boxes": [_box(picture, box, numbers, memory) for box in picture.boxes],
        "arrows": [(arrow.source, arrow.target, arrow.label) for arrow in picture.arrows],
        "groups": [
            {
                "title": picture.title_of(number),
                "parent": group.parent,
                "closed": number in closed,
                "members": inside[number],
                "box": _box(picture, modules[number], numbers, memory),
            }
            for number, group in enumerate(picture.groups)
        ],
    }


def _box(picture: Picture, box: Box, numbers: dict[Kind, int], memory: bool) -> dict[str, Any]:
    rows = details(box)
    norm = box.figures.gradient
    return {
        "kind": numbers[box.kind],
        "title": shown_title(picture, box),
        "array": box.array,
        "lines": words(box, memory),
        "group": box.group,
        "given": box.kind in LEAVES,
        "output": box.output,
        "step": box.step,
        "rules": box.rules,
        "norm": "" if norm is None else f"{norm.norm:.4g}",
        "details": rows,
        "text": " · ".join((box.title, box.name, *(value for _, value, *_ in rows))).lower(),
    }


def _visible(value: str) -> str:
    """Text in which what cannot be printed is its Python escape."""
    if value.isprintable():
        return value
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)


def _clean(value: Any) -> Any:
    """The data with all its text visible."""
    if isinstance(value, str):
        return _visible(value)
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, (list, tuple)) else value


def _json(data: Any) -> str:
    dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    text = dumps(data)
    if not text.isprintable() or _ESCAPED.search(text):
        text = dumps(_clean(data))
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
