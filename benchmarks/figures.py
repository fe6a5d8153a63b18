"""What a group hands back: tables of figures, some of them with a limit that they must reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.samples import Interval, quartiles, ratio_of_medians

Verdict = Literal["yes", "no", "unclear"]
MEDIAN, LEAST, RATIO = "median (quartiles)", "minimum", "ours / peer (95 %)"


@dataclass(frozen=True)
class Row:
    """A line of a table: figures by column, and the limit of the one in the table's judged column, if it has one."""

    name: str
    values: Mapping[str, float | Interval]
    must_reach: float | None = None


@dataclass(frozen=True)
class Table:
    """Figures under a title; the title or the columns name units, `judged` is the column that limits speak of."""

    title: str
    columns: tuple[str, ...]
    judged: str
    rows: tuple[Row, ...]

    def verdict(self, row: Row) -> Verdict | None:
        """Whether the row's judged figure is within its limit, "unclear" if the noise allows both; None without one."""
        if row.must_reach is None:
            return None
        figure = row.values[self.judged]
        low, high = (figure.low, figure.high) if isinstance(figure, Interval) else (figure, figure)
        return "yes" if high <= row.must_reach else "no" if low > row.must_reach else "unclear"


def comparison(
    title: str,
    samples: Mapping[str, NDArray[np.float64]],
    *,
    unit: str,
    per_second: float,
    must_reach: Mapping[str, float],
    ours: str = "tapegrad",
) -> Table:
    """The table of one interleaved run: each candidate's median with quartiles, its minimum, and our median by that.

    `samples` are seconds by candidate, shape (rounds,); `per_second` says how many `unit` make one second; `must_reach`
    holds limits of the ratio by peer.
    """

    def row(name: str, seconds: NDArray[np.float64]) -> Row:
        scaled = seconds * per_second
        values: dict[str, float | Interval] = {MEDIAN: quartiles(scaled), LEAST: float(scaled.min())}
        if name != ours:
            values[RATIO] = ratio_of_medians(samples[ours], seconds)
        return Row(name, values, must_reach.get(name))

    rows = tuple(row(name, seconds) for name, seconds in samples.items())
    return Table(f"{title}, {unit}", (MEDIAN, LEAST, RATIO), RATIO, rows)
