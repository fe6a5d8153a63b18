"""What the terminal shows: plain lines, a table that grows by a row an epoch, and a progress bar where one can move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from examples.mnist.training import Epoch

__all__ = ["Display"]


class Display:
    """Standard output; into a file or a pipe go the lines and the table alone."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)

    def say(self, text: str) -> None:
        """Show lines as they are: nothing in them is markup, and none is broken."""
        self.console.print(text, markup=False, soft_wrap=True)

    def head(self) -> None:
        """Begin the table."""
        self.say("\nepoch   training loss   accuracy   validation loss   accuracy      time")

    def row(self, epoch: Epoch) -> None:
        """Add an epoch to the table."""
        train, validation = epoch.train, epoch.validation
        self.say(
            f"{epoch.number:5}   {train.loss:#13.4g}   {percent(train.accuracy):>8}   "
            f"{validation.loss:#15.4g}   {percent(validation.accuracy):>8}   {epoch.seconds:5.1f} s"
        )

    @contextmanager
    def progress(self, images: int) -> Iterator[Callable[[int], None]]:
        """Show how far a training of this many images is; yields a function to call with each number seen."""
        moves = self.console.is_interactive and self.console.file.isatty()
        columns = (TextColumn("training"), BarColumn(), TaskProgressColumn(), Rate(), TimeRemainingColumn())
        with Progress(*columns, console=self.console, transient=True, disable=not moves) as bar:
            task = bar.add_task("training", total=images)
            yield lambda seen: bar.advance(task, seen)


class Rate(ProgressColumn):
    """Images a second."""

    def render(self, task: Task) -> Text:
        """The rate of the last seconds."""
        return Text("" if task.speed is None else f"{task.speed:,.0f} images/s")


def percent(share: float) -> str:
    """0.98765 as `98.77 %`."""
    return f"{100 * share:.2f} %"
