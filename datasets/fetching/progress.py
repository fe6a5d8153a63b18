"""A rich progress bar in the shape that pooch expects of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..optional import import_optional


class Bar:
    """One line of a rich display, driven by pooch: `total`, `update`, `reset`, `close`."""

    def __init__(self, display: Any, description: str) -> None:
        self._display = display
        self._task = display.add_task(description, total=None)

    @property
    def total(self) -> int | None:
        """Bytes that the server announced, None if it did not."""
        total: int | None = self._display.tasks[self._task].total
        return total

    @total.setter
    def total(self, count: int) -> None:
        self._display.update(self._task, total=count or None)

    def update(self, count: int) -> None:
        """Tell that `count` more bytes have come."""
        self._display.advance(self._task, count)

    def reset(self) -> None:
        """Go back to zero: pooch does so before it fills the bar at the end."""
        self._display.update(self._task, completed=0)

    def close(self) -> None:
        """Leave the finished line standing."""
        self._display.stop_task(self._task)

    def remove(self) -> None:
        """Take the line away: its mirror failed."""
        self._display.update(self._task, visible=False)


@contextmanager
def progress_bars() -> Iterator[Callable[[str], Bar]]:
    """Open a display on standard error; it yields a function that adds a line with a description."""
    rich = import_optional("rich.progress")
    console = import_optional("rich.console").Console(stderr=True)
    columns = (
        rich.TextColumn("{task.description}", markup=False),
        rich.BarColumn(),
        rich.DownloadColumn(),
        rich.TransferSpeedColumn(),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=console) as display:
        yield lambda description: Bar(display, description)
