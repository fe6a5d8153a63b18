"""The plot of a run: every ratio ours / peer on one axis, with its range and its limit."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from benchmarks.figures import BEST_RATIO, RATIO, Row, Table, Verdict
from benchmarks.samples import Interval

# Who is drawn, in which colour: one hue a library, for readers who do not see all hues (Okabe and Ito).
COLOURS = {
    "PyTorch eager": "#d55e00",
    "PyTorch NCHW": "#d55e00",
    "PyTorch channels-last": "#e69f00",
    "PyTorch compiled": "#8c3b00",
    "JAX jit": "#009e73",
    "JAX eager": "#7fcfb9",
    "MyGrad": "#56b4e9",
    "HIPS autograd": "#0072b2",
    "NumPy alone": "#999999",
    "NumPy by hand": "#999999",
    "import numpy": "#999999",
    "FMA peak": "#222222",
}
VERDICTS: dict[Verdict, str] = {"yes": "#1a7f37", "no": "#c1121f", "unclear": "#9a6700"}
SIGNS: dict[Verdict, str] = {"yes": "✓", "no": "✗", "unclear": "?"}
LEAST, MOST = 0.03, 6.0  # what lies outside stands at the edge as an arrow
TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5)
TITLE = "tapegrad beside its peers: ours / theirs, less is better"
# Inches; GAP in lines.
WIDTH, MARGIN, ABOVE, BELOW, INCHES_A_LINE, GAP = 10.4, 0.2, 1.25, 1.15, 0.25, 0.5


@dataclass(frozen=True)
class Point:
    """One ratio."""

    peer: str
    ratio: Interval
    must_reach: float | None
    verdict: Verdict | None


@dataclass(frozen=True)
class Line:
    """What was measured, and the ratios to the peers that did the same."""

    label: str
    points: tuple[Point, ...]


def lines(tables: Sequence[Table]) -> list[Line]:
    """A table of peers is one line, a table of cases one line each; tables without a label are left out."""
    found = []
    for table in tables:
        if table.label and table.judged == RATIO:
            found.append(Line(table.label, points(table, table.rows)))
        elif table.label and table.judged == BEST_RATIO:
            found += [Line(f"{table.label}, {row.name}", points(table, [row])) for row in table.rows]
    return found


def points(table: Table, rows: Sequence[Row]) -> tuple[Point, ...]:
    """The ratios in some rows of a table, to peers that are drawn."""
    return tuple(
        Point(row.against, ratio, row.must_reach, table.verdict(row))
        for row in rows
        if row.against in COLOURS and isinstance(ratio := row.values[table.judged], Interval)
    )


def draw(groups: Mapping[str, Sequence[Table]], caption: str, path: Path) -> Path | None:
    """Draw the tables of a run, by group, to a file, and give its path; None where there is nothing to draw."""
    blocks = [block for tables in groups.values() if (block := lines(tables))]
    if not blocks:
        return None
    height = ABOVE + BELOW + INCHES_A_LINE * (sum(map(len, blocks)) + GAP * len(blocks))
    figure = Figure(figsize=(WIDTH, height))
    figure.subplots_adjust(left=0.37, right=0.775, top=1 - ABOVE / height, bottom=BELOW / height)
    axes = figure.add_subplot()
    place = 0.0
    labels: dict[float, str] = {}
    for block in blocks:
        for line in block:
            labels[place] = line.label
            draw_line(axes, place, line)
            place += 1
        place += GAP
    dress(axes, labels)
    present = {point.peer for block in blocks for line in block for point in line.points}
    figure.legend(handles=legend(present), loc="lower center", ncols=4, frameon=False, fontsize=9)
    left = MARGIN / WIDTH
    figure.text(left, 1 - MARGIN / height, TITLE, va="top", fontsize=15, fontweight="bold")
    figure.text(left, 1 - 0.5 / height, textwrap.fill(caption, 130), va="top", fontsize=8.5, color="#555555")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
    return path


def draw_line(axes: Axes, place: float, line: Line) -> None:
    """The ratios as dots with their ranges, limits as bars, and at the right what was to be reached."""
    axes.axhline(place, color="#e6e6e6", linewidth=0.8, zorder=0)
    for point in line.points:
        colour, ratio = COLOURS[point.peer], point.ratio
        at = min(max(ratio.value, LEAST), MOST)
        marker = "o" if LEAST <= ratio.value <= MOST else "<" if ratio.value < LEAST else ">"
        axes.plot([max(ratio.low, LEAST), min(ratio.high, MOST)], [place] * 2, color=colour, linewidth=2, alpha=0.5)
        axes.plot([at], [place], marker, color=colour, markersize=6.5, markeredgecolor="white", markeredgewidth=0.6)
        if point.must_reach is not None:
            axes.plot([point.must_reach], [place], "|", color=colour, markersize=15, markeredgewidth=2.2)
    judged = [point for point in line.points if point.must_reach is not None and point.verdict is not None]
    for column, point in enumerate(judged):
        assert point.verdict is not None
        axes.annotate(
            f"{SIGNS[point.verdict]} {point.ratio.value:.2f} (≤ {point.must_reach:g})",
            (1, place),
            xycoords=axes.get_yaxis_transform(),
            xytext=(8 + 84 * column, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=VERDICTS[point.verdict],
        )


def dress(axes: Axes, labels: Mapping[float, str]) -> None:
    """Axes, ticks, and what left and right mean."""
    axes.set_xscale("log")
    axes.set_xlim(LEAST * 0.93, MOST * 1.07)
    axes.set_ylim(max(labels) + 0.8, -0.8)
    axes.axvspan(LEAST / 2, 1, color="#f2f8f2", zorder=-1)
    axes.axvline(1, color="#444444", linewidth=1.2, zorder=0)
    axes.set_yticks(list(labels), list(labels.values()), fontsize=9)
    axes.xaxis.set_major_locator(FixedLocator(TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda ratio, _: f"{ratio:g}"))
    axes.tick_params(length=0)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.spines[:].set_visible(False)
    one = axes.get_xaxis_transform()  # (ratio, height in the axes)
    axes.annotate("◂ ours is better", (1, 1), xycoords=one, xytext=(-6, 6), textcoords="offset points", ha="right")
    axes.annotate("the peer is ▸", (1, 1), xycoords=one, xytext=(6, 6), textcoords="offset points")
    axes.annotate("ratio (limit)", (1, 1), xycoords="axes fraction", xytext=(8, 6), textcoords="offset points")


def legend(peers: set[str]) -> list[Line2D]:
    """A dot for each colour with the peers that have it, and the bar of a limit."""
    names: dict[str, list[str]] = defaultdict(list)
    for peer, colour in COLOURS.items():
        if peer in peers:
            names[colour].append(peer)
    dots = [
        Line2D([], [], marker="o", linestyle="", color=colour, label=", ".join(same)) for colour, same in names.items()
    ]
    bar = Line2D([], [], marker="|", linestyle="", color="#444444", markersize=13, markeredgewidth=2.2, label="limit")
    return [*dots, bar]
