"""Curves as characters: each is two by four dots of Braille."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..formats import short
from .panels import Line, Panel, panels

if TYPE_CHECKING:
    from ..history import History

__all__ = ["Chart", "charts"]

_HEIGHT = 8
_MARGIN = 9  # for the labels of the vertical axis
_DOTS = np.array(
    [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
)  # Unicode's numbers of the dots in a character


@dataclass(frozen=True)
class Chart:
    """A panel as text: pieces one after the other, each with the number of the line that it belongs to, or None."""

    pieces: list[tuple[str, int | None]]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.pieces)


def charts(history: History, width: int) -> list[Chart]:
    """The panels of a training, as wide as fits side by side.

    The curve of the training is that of the updates, which shows more than one point an epoch.
    """
    across = max(min(width // len(panels(history, 1)) - 2, 72), 34)
    return [_chart(panel, across) for panel in panels(history, 2 * (across - _MARGIN))]


def _chart(panel: Panel, width: int) -> Chart:
    lines = [line for line in panel.lines if line.part != "training"]
    frame = Frame.of(lines, panel.logarithmic)
    characters = np.zeros((_HEIGHT, width - _MARGIN), int)
    owner = np.full(characters.shape, -1)
    for number, line in enumerate(lines):
        cells = _cells(frame, line, characters.shape[1])
        characters |= cells
        owner[cells > 0] = number

    pieces: list[tuple[str, int | None]] = [(f"{panel.title:>{_MARGIN - 2}}  ", None)]
    pieces += [(f"━ {panel.label(line)} ", number) for number, line in enumerate(lines)]
    for row in range(_HEIGHT):
        label = short(frame.high) if row == 0 else short(frame.low) if row == _HEIGHT - 1 else ""
        pieces.append((f"\n{label:>{_MARGIN - 2}} ▕", None))
        for number, run in groupby(zip(owner[row], characters[row], strict=True), itemgetter(0)):
            pieces.append(("".join(chr(0x2800 + cell) for _, cell in run), None if number < 0 else int(number)))
    updates = f"{frame.last:.0f} updates"
    pieces.append((f"\n{'':{_MARGIN}}{frame.first:<{width - _MARGIN - len(updates)}.0f}{updates}", None))
    return Chart(pieces)


@dataclass(frozen=True)
class Frame:
    """What a chart shows: updates from `first` to `last`, values from `low` to `high`."""

    first: float
    last: float
    low: float
    high: float
    logarithmic: bool

    @classmethod
    def of(cls, lines: Sequence[Line], logarithmic: bool) -> Frame:
        """A frame around the finite values of lines."""
        values = np.concatenate([line.values for line in lines])
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        if low == high:
            low, high, logarithmic = low - 0.5, high + 0.5, False
        first, last = min(line.steps[0] for line in lines), max(line.steps[-1] for line in lines)
        return cls(first, last, low, high, logarithmic)

    def place(self, line: Line) -> tuple[NDArray[Any], NDArray[Any]]:
        """The finite points of a line, in a unit square."""
        finite = np.isfinite(line.values)
        steps, values, low, high = line.steps[finite], line.values[finite], self.low, self.high
        if self.logarithmic:
            values, low, high = np.log(values), math.log(low), math.log(high)
        return (steps - self.first) / max(self.last - self.first, 1), (values - low) / (high - low)


def _cells(frame: Frame, line: Line, width: int) -> NDArray[np.int64]:
    """A line as numbers of Braille characters, 0 where it is not: (height, width)."""
    x, y = frame.place(line)
    columns, rows = 2 * width, 4 * _HEIGHT
    dots = np.zeros((rows, columns), bool)
    if len(x):
        place = np.minimum((x * columns).astype(int), columns - 1)
        counts = np.bincount(place, minlength=columns)
        has = np.flatnonzero(counts)
        means = np.bincount(place, y, columns)[has] / counts[has]
        across = np.arange(has[0], has[-1] + 1)
        heights = np.rint((1 - np.interp(across, has, means)) * (rows - 1)).astype(int)
        for column, here, before in zip(across, heights, [heights[0], *heights], strict=False):
            dots[min(here, before) : max(here, before) + 1, column] = True  # without gaps where it is steep
    parts = dots.reshape(_HEIGHT, 4, width, 2) * _DOTS[:, None, :]
    return parts.sum(axis=(1, 3))  # type: ignore[no-any-return]
