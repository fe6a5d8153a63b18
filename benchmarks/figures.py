"""What a group hands back: tables of figures, some of them with a limit that they must reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.samples import Interval, quartiles, ratio_of_medians

Verdict = Literal["yes", "no", "unclear"]
MEDIAN, LEAST, RATIO = "median (quartiles)", "minimum", "ours / peer (95 %)"
BEST_RATIO = "ours / best peer (95 %)"
Samples = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Row:
    """A line of a table: figures by column, and the limit of the one in the table's judged column, if it has one.

    `against` is the peer that a judged ratio compares us with.
    """

    name: str
    values: Mapping[str, float | Interval]
    must_reach: float | None = None
    against: str = ""


@dataclass(frozen=True)
class Table:
    """Figures under a title; the title or the columns name units, `judged` is the column that limits speak of.

    `label` is what the plot calls the table; without one it is not drawn.
    """

    title: str
    columns: tuple[str, ...]
    judged: str
    rows: tuple[Row, ...]
    label: str = ""

    def verdict(self, row: Row) -> Verdict | None:
        """Whether the row's judged figure is within its limit, "unclear" if the noise allows both; None without one."""
        if row.must_reach is None:
            return None
        figure = row.values[self.judged]
        low, high = (figure.low, figure.high) if isinstance(figure, Interval) else (figure, figure)
        return "yes" if high <= row.must_reach else "no" if low > row.must_reach else "unclear"


def best(samples: Samples, names: Sequence[str]) -> str:
    """The one of the named candidates that has the smallest median."""
    return min(names, key=lambda name: float(np.median(samples[name])))


def comparison(
    title: str,
    samples: Samples,
    *,
    unit: str,
    scale: float,
    must_reach: Mapping[str, float],
    ours: str = "tapegrad",
    label: str = "",
) -> Table:
    """The table of one interleaved run: each candidate's median with quartiles, its minimum, and our median by that.

    `samples` are seconds by candidate, shape (rounds,); `scale` says how many `unit` make one of them; `must_reach`
    holds limits of the ratio by peer.
    """

    def row(name: str, seconds: NDArray[np.float64]) -> Row:
        scaled = seconds * scale
        values: dict[str, float | Interval] = {MEDIAN: quartiles(scaled), LEAST: float(scaled.min())}
        if name == ours:
            return Row(name, values)
        values[RATIO] = ratio_of_medians(samples[ours], seconds)
        return Row(name, values, must_reach.get(name), against=name)

    rows = tuple(row(name, seconds) for name, seconds in samples.items())
    return Table(f"{title}, {unit}", (MEDIAN, LEAST, RATIO), RATIO, rows, label)


def overview(
    title: str,
    cases: Mapping[str, Samples],
    peers: Sequence[str],
    *,
    unit: str,
    scale: float,
    must_reach: Mapping[str, float],
    ours: str = "tapegrad",
    label: str = "",
) -> Table:
    """The table of several runs, one a row: each candidate's median, which peer did best, and our median by its own.

    `cases` are samples by candidate by row, `must_reach` holds limits of the ratio by row.
    """

    def row(case: str, samples: Samples) -> Row:
        peer = best(samples, peers)
        medians = {name: float(np.median(samples[name])) * scale for name in (ours, *peers)}
        ratio = ratio_of_medians(samples[ours], samples[peer])
        return Row(case, medians | {BEST_RATIO: ratio}, must_reach.get(case), against=peer)

    rows = tuple(row(case, samples) for case, samples in cases.items())
    return Table(f"{title}, {unit}", (ours, *peers, BEST_RATIO), BEST_RATIO, rows, label)
