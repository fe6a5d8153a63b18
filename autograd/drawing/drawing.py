"""Drawing: a finished picture as DOT, and the ways to see it as an image."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ..files import save_whole
from .rendering import RenderingError, render

__all__ = ["Drawing"]

_IMAGES = ("svg", "png", "pdf")
_TEXTS = ("dot", "gv")

# Where Graphviz gets slow. It lays out most graphs of this size in seconds; some of a tenth of it take minutes.
_MOST_BOXES = 5_000
_MOST_SECONDS = 60.0


class Drawing:
    """A drawn graph. `str()` gives its DOT text, a notebook shows it.

    Attributes:
        source: the graph in DOT, Graphviz's language.
        boxes, arrows: how many there are.
    """

    def __init__(self, source: str, boxes: int, arrows: int) -> None:
        self.source = source
        self.boxes = boxes
        self.arrows = arrows

    def render(self, format: str, *, anyway: bool = False) -> bytes:
        """The content of an svg, png or pdf file.

        Args:
            anyway: lay out a graph of any size, however long that takes; by default 5,000 boxes and 60 seconds.

        Raises:
            ValueError: an unknown format.
            RenderingError: the graph is too large, there is no Graphviz, or it failed; the message says what to do.
        """
        if format not in _IMAGES:
            raise ValueError(f"render: format must be one of {', '.join(_IMAGES)}, got {format!r}")
        if anyway:
            return render(self.source, format)
        if self.boxes > _MOST_BOXES:
            raise RenderingError(
                f"this graph has {self.boxes:,} boxes, and laying out more than {_MOST_BOXES:,} may take minutes. Draw "
                "a smaller part, such as one layer or one step, or pass anyway=True to go on; a .dot file has no limit"
            )
        return render(self.source, format, _MOST_SECONDS)

    def save(self, path: str | os.PathLike[str], *, anyway: bool = False) -> None:
        """Write a file, in the format that its suffix names: .svg, .png, .pdf, or .dot and .gv for the DOT text.

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
        save_whole(
            path, self.source.encode() if format in _TEXTS else self.render(format, anyway=anyway), "the drawing"
        )

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        return f"Drawing(boxes={self.boxes}, arrows={self.arrows})"

    def _repr_svg_(self) -> str:
        return self.render("svg").decode()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The image for a notebook, or, where there can be none, why."""
        try:
            return {"image/svg+xml": self._repr_svg_(), "text/plain": repr(self)}
        except RenderingError as error:
            return {"text/plain": f"{self!r}\n{error}"}
