"""A terminal, by rich: lines that stay, and below them a bar and curves that move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..optional import import_optional
from ..plotting import Chart, charts
from .displays import Display

if TYPE_CHECKING:
    from ..history import History

__all__ = ["Terminal"]

_COLOURS = ("cyan", "yellow", "green", "magenta", "blue", "red")


class Terminal(Display):
    """What moves is drawn anew when something is shown, at the bottom; there is no thread.

    Args:
        console: rich's.
    """

    moves = True
    interval = 0.1

    def __init__(self, console: Any) -> None:
        self.console = console
        self._live: Any = None
        self._bar: Any = None
        self._curves: Any = None

    @property
    def width(self) -> int:  # type: ignore[override]
        width: int = self.console.width
        return width

    def line(self, text: str) -> None:
        self.console.print(text, markup=False, soft_wrap=True)

    def bar(self, name: str, share: float | None, text: str) -> None:
        grid = _rich("table").Table.grid(expand=True, padding=(0, 1))
        grid.add_column()
        grid.add_column(ratio=1)
        grid.add_column(no_wrap=True)
        bar = _rich("progress_bar").ProgressBar(1.0, share or 0.0, pulse=share is None)
        told = _rich("text").Text(text)
        told.truncate(max(self.width - len(name) - 12, 1), overflow="ellipsis")
        grid.add_row(_rich("text").Text(name), bar, told)
        self._bar = grid
        self._show()

    def curves(self, history: History) -> None:
        found = [_coloured(chart) for chart in charts(history, self.width)]
        self._curves = _rich("columns").Columns(found, padding=(0, 2))
        self._show()

    def close(self) -> None:
        if self._live is not None:
            self._live.stop()
        if self._curves is not None:
            self.console.print(self._curves)
        self._live = self._bar = self._curves = None

    def _show(self) -> None:
        if self._live is None:
            self._live = _rich("live").Live(console=self.console, auto_refresh=False, transient=True)
            self._live.start()
        shown = [part for part in (self._curves, self._bar) if part is not None]
        self._live.update(_rich("console").Group(*shown), refresh=True)


def _coloured(chart: Chart) -> Any:
    """A chart as rich's text, each line's characters in its colour."""
    text = _rich("text").Text(no_wrap=True)
    for characters, line in chart.pieces:
        text.append(characters, None if line is None else _COLOURS[line % len(_COLOURS)])
    return text


def _rich(module: str) -> Any:
    return import_optional(f"rich.{module}", "demo")
