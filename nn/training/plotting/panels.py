"""What the curves of a training are: two panels, losses and other figures, with lines over the number of updates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ..history import History

__all__ = ["Line", "Panel", "panels"]


@dataclass(frozen=True)
class Line:
    """One figure: `part` is "training", "validation", or "each update" of the training."""

    figure: str
    part: str
    steps: NDArray[Any]
    values: NDArray[Any]

    @property
    def head(self) -> str:
        """The output of the model that it is of; "" for all of it."""
        return self.figure.rpartition("/")[0]


@dataclass(frozen=True)
class Panel:
    """Lines that share an axis; `logarithmic` for losses that cover so much that a linear one would hide the end."""

    title: str
    lines: list[Line]

    def label(self, line: Line) -> str:
        """What tells a line from the others: its head, or all of its name where there are several figures of a head."""
        part = "training" if line.part == "each update" else line.part
        name = line.head if _common([line.figure for line in self.lines]) else line.figure
        return f"{name} {part}" if name else part

    @property
    def logarithmic(self) -> bool:
        if self.title != "loss":
            return False
        values = np.concatenate([line.values[np.isfinite(line.values)] for line in self.lines])
        return bool(values.size and values.min() > 0 and values.max() > 30 * values.min())


def panels(history: History, points: int) -> list[Panel]:
    """Losses in one panel, all else in another, if there is anything else.

    An epoch's mean over the training stands in the middle of its updates, for that is what it tells of; a validation
    stands at their end.

    Args:
        points: most points in a line of updates; if there are more, means of equally many stand for them.
    """
    known = [*(history.steps[-1] if history.steps else {}), *history.last]
    names = [name for name in dict.fromkeys(known) if name not in ("epoch", "step", "seconds", "lr")]
    names = [name for name in names if not name.startswith("val_")]
    losses = [name for name in names if name.rpartition("/")[2] == "loss"]
    others = [name for name in names if name not in losses]
    grouped = {"loss": losses, _common(others) or "metrics": others} if others else {"loss": losses}
    return [
        Panel(title, [line for name in group for line in _lines(history, name, points)])
        for title, group in grouped.items()
    ]


def _common(names: list[str]) -> str | None:
    """The name that figures of several heads share, if there is one."""
    found = {name.rpartition("/")[2] for name in names}
    return found.pop() if len(found) == 1 else None


def _lines(history: History, name: str, points: int) -> Iterator[Line]:
    ends = np.array([epoch["step"] for epoch in history.epochs], float)
    middles = (ends + np.concatenate([[0.0], ends])[: len(ends)]) / 2
    steps = [(step["step"], step[name]) for step in history.steps if name in step]
    if steps:
        yield Line(name, "each update", *_thinned(np.array(steps, float), points))
    for part, places, key in (("training", middles, name), ("validation", ends, f"val_{name}")):
        having = [i for i, epoch in enumerate(history.epochs) if key in epoch]
        if having:
            yield Line(name, part, places[having], np.array([history.epochs[i][key] for i in having]))


def _thinned(steps: NDArray[Any], points: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Steps and values, averaged over as many neighbours as leave no more than so many points."""
    together = max(1, math.ceil(len(steps) / points))
    starts = np.arange(0, len(steps), together)
    sizes = np.diff([*starts, len(steps)])
    means = np.add.reduceat(steps, starts, axis=0) / sizes[:, None]
    return means[:, 0], means[:, 1]
