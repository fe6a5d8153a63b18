"""Drawing: a finished picture, and the ways to see it as an image, a page or text."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Any

from ..files import save_whole
from .closing import close, closed_groups
from .dot import dot_source
from .layering import positions
from .page import page
from .picture import Picture
from .rendering import RenderingError, render
from .reversing import backward_picture
from .text import text

__all__ = ["Drawing"]

_IMAGES = ("svg", "png", "pdf")
_TEXTS = ("dot", "gv", "html", "txt")

# Where Graphviz gets slow: it lays out most graphs of this size in a second, some of 1,500 boxes take minutes.
_MOST_BOXES = 600
_MOST_SECONDS = 60.0


class Drawing:
    """A drawn graph. `str()` gives it as text, a notebook shows it.

    Attributes:
        boxes, arrows: how many are shown.
    """

    def __init__(self, picture: Picture, direction: str, depth: int | None, backward: bool, memory: bool) -> None:
        self._whole = picture
        self._direction = direction
        self._backward = backward
        self._memory = memory
        self._closed = closed_groups(picture, depth)
        shown = close(picture, self._closed)
        self._shown = backward_picture(shown) if backward else shown
        self.boxes = len(self._shown.boxes)
        self.arrows = len(self._shown.arrows)

    @cached_property
    def source(self) -> str:
        """The graph in DOT, Graphviz's language."""
        return dot_source(self._shown, self._direction, self._memory)

    def text(self) -> str:
        """The graph as text for a terminal: a line for each box, as it was computed, modules as a tree around them."""
        return text(self._shown, self._memory)

    def html(self) -> str:
        """A page that needs nothing else: to move about in, open and close modules, search, and replay the walk."""
        return page(self._whole, self._closed, self._direction, self._memory)

    def render(self, format: str, *, anyway: bool = False) -> bytes:
        """The content of an svg, png or pdf file.

        More than 600 boxes are laid out in plain layers, without boxes around modules, for Graphviz's own layout may
        take minutes; a `depth` makes a graph smaller.

        Args:
            anyway: use Graphviz's layout for a graph of any size, however long that takes; else it has 60 seconds.

        Raises:
            ValueError: an unknown format.
            RenderingError: there is no Graphviz, or it failed; the message says what to do.
        """
        if format not in _IMAGES:
            raise ValueError(f"render: format must be one of {', '.join(_IMAGES)}, got {format!r}")
        if anyway or self.boxes <= _MOST_BOXES:
            return render(self.source, format, None if anyway else _MOST_SECONDS)
        placed = positions(self._shown, self._direction, self._memory)
        return render(dot_source(self._shown, self._direction, self._memory, placed), format, placed=True)

    def save(self, path: str | os.PathLike[str], *, anyway: bool = False) -> None:
        """Write a file, in the format that its suffix names: .svg, .png, .pdf, .html, .txt, or .dot and .gv for DOT.

        Args:
            anyway: see `render`.

        Raises:
            ValueError: another suffix.
            OSError: the file cannot be written there; one that was there before is unchanged.
            RenderingError: see `render`.
        """
        path = Path(path)
        format = path.suffix.lower().removeprefix(".")
        if format not in (*_IMAGES, *_TEXTS):
            suffixes = ", ".join(f".{name}" for name in (*_IMAGES, *_TEXTS))
            raise ValueError(f"save: the name must end in one of {suffixes}, got {path.name!r}")
        if not path.parent.is_dir():
            raise FileNotFoundError(f"save: there is no folder {str(path.parent)!r}; make it first")
        if format in _IMAGES:
            content = self.render(format, anyway=anyway)
        else:
            content = {"html": self.html, "txt": self.text}.get(format, lambda: self.source)().encode()
        save_whole(path, content, "the drawing")

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"Drawing(boxes={self.boxes}, arrows={self.arrows})"

    def _repr_svg_(self) -> str:
        return self.render("svg").decode()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The image for a notebook, or, where there can be none, why."""
        try:
            return {"image/svg+xml": self._repr_svg_(), "text/plain": repr(self)}
        except RenderingError as error:
            return {"text/plain": f"{error}\n{self.text()}"}
