"""Tables on the terminal, and the same figures as one JSON file."""

from __future__ import annotations

import dataclasses
import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid

from benchmarks import machine, threads
from benchmarks.figures import Row, Table, Verdict
from benchmarks.groups import Settings
from benchmarks.neighbours import MOST_CORES
from benchmarks.samples import Interval

COLOURS: dict[Verdict, str] = {"yes": "green", "no": "bold red", "unclear": "yellow"}


class Record:
    """The JSON file of a run, written anew after each group: an interrupted run keeps what it has measured."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self.tables: dict[str, Sequence[Table]] = {}
        self.settings = settings
        self.machine = machine.describe()
        self.groups: dict[str, object] = {}
        self.others = 0.0

    def add(self, group: str, tables: Sequence[Table], *, seconds: float, others: float | None) -> None:
        """Take in what a group measured, in how long, and how many cores others kept busy; write everything so far."""
        self.tables[group] = tables
        self.others = max(self.others, others or 0.0)
        self.groups[group] = {
            "seconds": seconds,
            "cores busy with other processes": others,
            "tables": [plain(table) for table in tables],
        }
        content = {
            "machine": dataclasses.asdict(self.machine),
            "settings": dataclasses.asdict(self.settings),
            "threads": threads.in_use(),
            "groups": self.groups,
        }
        write_whole(self.path, content)

    def caption(self) -> str:
        """The machine, the settings and the versions in one line, and a warning if the figures deserve one."""
        versions = ", ".join(f"{name} {version}" for name, version in self.machine.versions.items())
        return (
            f"{self.machine.date[:10]}, {self.machine.processor}, {counted(self.settings.threads, 'thread')}, "
            f"{counted(self.settings.rounds, 'round')}; {self.machine.python}, {versions}"
            + (f"; {busy(self.others)}" if self.others > MOST_CORES else "")
        )


def busy(others: float) -> str:
    """The warning that the machine was not quiet."""
    return f"meanwhile, other processes kept {number(others)} cores busy: measure again"


def counted(number: int, what: str) -> str:
    """1 thread, 2 threads."""
    return f"{number} {what}{'s' * (number != 1)}"


def plain(table: Table) -> dict[str, object]:
    """A table as JSON holds it; each row says whether it reached its limit: yes, no, unclear, or null without one."""
    content = dataclasses.asdict(table)
    for row, entry in zip(table.rows, content["rows"], strict=True):
        entry["reached"] = table.verdict(row)
    return content


def write_whole(path: Path, content: object) -> None:
    """Write JSON to a temporary name beside `path`, then rename: never half a file, never none where there was one."""
    text = json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=path.name, delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            temporary.unlink()
            raise
    temporary.replace(path)


def show(tables: Sequence[Table], others: float | None = None, console: Console | None = None) -> None:
    """Print tables: figures by row, what must be reached and whether it was; a warning when others kept cores busy."""
    console = console or terminal()
    for table in tables:
        grid = Grid(box=SIMPLE_HEAD, pad_edge=False)
        grid.add_column("", no_wrap=True)
        limited = any(row.must_reach is not None for row in table.rows)
        for column in (*table.columns, *["must reach"] * limited):
            grid.add_column(column, justify="right")
        for row in table.rows:
            figures = (cell(row.values.get(column)) for column in table.columns)
            grid.add_row(row.name, *figures, *[judged(table, row)] * limited)
        console.print(table.title, style="bold", highlight=False)
        console.print(grid)
    if others is not None and others > MOST_CORES:
        console.print(f"[yellow]{busy(others)}[/]\n")


def terminal() -> Console:
    """The terminal as it is; 120 columns where the output goes to a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=120)


def judged(table: Table, row: Row) -> str:
    """The limit of a row and whether it was reached; nothing where there is none."""
    verdict = table.verdict(row)
    if row.must_reach is None or verdict is None:
        return ""
    return f"≤ {number(row.must_reach)} [{COLOURS[verdict]}]{verdict}[/]"


def summarise(record: Record, plot: Path | None, console: Console | None = None) -> None:
    """Say how many limits were reached, on how many threads, and where the record and the plot lie."""
    tables = [table for group in record.tables.values() for table in group]
    verdicts = Counter(verdict for table in tables for row in table.rows if (verdict := table.verdict(row)))
    console = console or terminal()
    pools = ", ".join(f"{name} {count}" for name, count in threads.in_use().items())
    console.print(f"threads: {pools}")
    console.print(
        f"{verdicts['yes']} of {verdicts.total()} figures reached; record: {record.path}"
        + (f", plot: {plot}" if plot else "")
    )
    if verdicts["unclear"]:
        console.print(f"{verdicts['unclear']} unclear: measure again with more rounds, or on a quieter machine")


def cell(figure: float | Interval | None) -> str:
    """A figure with three digits; an interval as `value (low–high)`; nothing where there is none."""
    if figure is None:
        return ""
    if isinstance(figure, Interval):
        return f"{number(figure.value)} ({number(figure.low)}–{number(figure.high)})"
    return number(figure)


def number(figure: float) -> str:
    """Three digits, without an exponent."""
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"
