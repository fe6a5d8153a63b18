"""A notebook, by IPython: one output that is replaced as things go on, and one picture."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from ..optional import import_optional
from ..plotting import content, figure
from .displays import Display

if TYPE_CHECKING:
    from ..history import History

__all__ = ["Notebook"]

_PRE = '<pre style="font-family: monospace; line-height: 1.4">'  # some notebooks have other letters for outputs


class Notebook(Display):
    """Lines and the bar share an output; the curves have one of their own below."""

    moves = True
    interval = 0.5

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._bar = ""
        self._text: Any = None
        self._picture: Any = None

    def line(self, text: str) -> None:
        self._lines.append(text)
        self._show()

    def bar(self, name: str, share: float | None, text: str) -> None:
        value = "" if share is None else f' value="{share:.4f}"'
        self._bar = f"<div><code>{escape(name)}</code> <progress{value}></progress> <code>{escape(text)}</code></div>"
        self._show()

    def curves(self, history: History) -> None:
        ipython = import_optional("IPython.display", "demo")
        image = ipython.Image(data=content(figure(history), "png"), format="png")
        if self._picture is None:
            self._picture = ipython.display(image, display_id=True)
        else:
            self._picture.update(image)

    def close(self) -> None:
        if self._text is not None:
            self._bar = ""
            self._show()
        self._lines, self._text, self._picture = [], None, None

    def _show(self) -> None:
        ipython = import_optional("IPython.display", "demo")
        rows = f"{_PRE}{escape(chr(10).join(self._lines))}</pre>" if self._lines else ""
        html = ipython.HTML(rows + self._bar)
        if self._text is None:
            self._text = ipython.display(html, display_id=True)
        else:
            self._text.update(html)
