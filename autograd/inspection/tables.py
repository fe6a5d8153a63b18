"""Times and bytes by name, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .profiling import Event

__all__ = ["Table"]

_MOST = 20
"""Rows that are shown; `rows` has all."""


@dataclass(frozen=True)
class Table:
    """Rows by name, the slowest first.

    Attributes:
        of: what the rows are: operations, modules, lines.
        rows: dicts with `name`, `calls`, `forward` and `backward` in seconds, `bytes`.
    """

    of: str
    rows: list[dict[str, Any]]

    @classmethod
    def summed(cls, of: str, events: Iterable[tuple[str, Event]]) -> Table:
        """A row for each name, with the sums over its events. Calls are those forward, or of rules without any."""
        rows: dict[str, dict[str, Any]] = {}
        rules: dict[str, int] = {}
        for name, event in events:
            row = rows.setdefault(name, {"name": name, "calls": 0, "forward": 0.0, "backward": 0.0, "bytes": 0})
            row[event.direction] += event.seconds
            row["bytes"] += event.nbytes
            row["calls"] += event.direction == "forward"
            rules[name] = rules.get(name, 0) + (event.direction == "backward")
        for name, row in rows.items():
            row["calls"] = row["calls"] or rules[name]
        return cls(of, sorted(rows.values(), key=lambda row: -row["forward"] - row["backward"]))

    def cells(self) -> list[tuple[str, ...]]:
        """The heading, then the text of each row that is shown."""
        heading = (self.of, "calls", "forward ms", "backward ms", "MB")
        shown = [
            (
                row["name"], f"{row['calls']:,}", f"{row['forward'] * 1e3:.3f}", f"{row['backward'] * 1e3:.3f}",
                f"{row['bytes'] / 1e6:.2f}",
            )
            for row in self.rows[:_MOST]
        ]  # fmt: skip
        return [heading, *shown]

    def __str__(self) -> str:
        cells = self.cells()
        widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
        lines = ["  ".join(map(_padded, row, widths, range(len(row)))) for row in cells]
        more = len(self.rows) - _MOST
        return "\n".join([*lines, *([f"... {more} more"] if more > 0 else [])])

    def __rich__(self) -> Any:
        from rich.table import Table as Grid

        heading, *rows = self.cells()
        grid = Grid(caption=f"{len(self.rows) - _MOST} more" if len(self.rows) > _MOST else None)
        for i, name in enumerate(heading):
            grid.add_column(name, justify="right" if i else "left", overflow="fold")
        for row in rows:
            grid.add_row(*row)
        return grid


def _padded(text: str, width: int, column: int) -> str:
    return text.rjust(width) if column else text.ljust(width)
