"""What a training did, epoch by epoch and step by step."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...autograd.files import save_whole
from . import plotting

__all__ = ["History", "better", "small_is_good"]


def small_is_good(name: str) -> bool:
    """Whether a figure of this name is to become small."""
    return name.endswith(("loss", "error"))


def better(value: float, best: float | None, smallest: bool, by: float = 0.0) -> bool:
    """Whether a figure is better than the best so far by more than `by`; one that is not finite never is."""
    if not math.isfinite(value):
        return False
    return best is None or (value < best - by if smallest else value > best + by)


@dataclass(repr=False)
class History:
    """The figures of a training.

    Attributes:
        epochs: for each epoch its number, "seconds", "lr", the means of the training's figures and, with "val_" before
            their names, those of the validation's.
        steps: for each update its number, "lr" and the figures of its batches.
    """

    epochs: list[dict[str, float]] = field(default_factory=list)
    steps: list[dict[str, float]] = field(default_factory=list)

    def __repr__(self) -> str:
        last = ", ".join(f"{name} {value:.6g}" for name, value in self.last.items() if name not in ("epoch", "step"))
        return f"<History: epochs {len(self.epochs)}, updates {len(self.steps)}{last and '; ' + last}>"

    def __getitem__(self, name: str) -> list[float]:
        """A figure of all epochs that have it: `history["val_accuracy"]`."""
        return [epoch[name] for epoch in self.epochs if name in epoch]

    @property
    def last(self) -> dict[str, float]:
        """The figures of the last epoch; none before the first has ended."""
        return self.epochs[-1] if self.epochs else {}

    def best(self, name: str, smallest: bool | None = None) -> dict[str, float]:
        """The epoch with the best figure: the smallest of what is named a loss, the largest of everything else.

        A figure that is infinite or NaN is never the best.

        Raises:
            KeyError: no epoch has this figure.
            ValueError: it is finite in no epoch.
        """
        epochs = [epoch for epoch in self.epochs if name in epoch]
        if not epochs:
            known = ", ".join(self.last) or "none"
            raise KeyError(f"no epoch has a figure {name!r}; there are: {known}")
        finite = [epoch for epoch in epochs if math.isfinite(epoch[name])]
        if not finite:
            raise ValueError(f"{name!r} is finite in none of the {len(epochs)} epochs that have it")
        smallest = small_is_good(name) if smallest is None else smallest
        return (min if smallest else max)(finite, key=lambda epoch: epoch[name])

    def to_json(self) -> str:
        """All of it; numbers keep every digit."""
        return json.dumps({"epochs": self.epochs, "steps": self.steps})

    def to_csv(self) -> str:
        """A row for each epoch below the names of the figures; empty where an epoch has not that figure."""
        names = list(dict.fromkeys(name for epoch in self.epochs for name in epoch))
        text = io.StringIO()
        writer = csv.DictWriter(text, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.epochs)
        return text.getvalue()

    @classmethod
    def from_json(cls, text: str) -> History:
        """What `to_json` wrote."""
        content: dict[str, Any] = json.loads(text)
        return cls(content["epochs"], content["steps"])

    def plot(self, path: str | os.PathLike[str] | None = None, axes: Sequence[Any] | None = None) -> Any:
        """Draw the curves of losses and of other figures, in two panels; returns matplotlib's figure.

        Args:
            path: where to write the picture: png, svg or pdf by its suffix; None for nowhere.
            axes: two of matplotlib's to draw into, rather than into a new figure.

        Raises:
            ImportError: matplotlib is not installed.
            ValueError: there is nothing to draw yet, or the path has no suffix that is the name of a format.
        """
        if not self.steps:
            raise ValueError("History.plot: there are no figures yet; train first")
        if axes is None:
            figure = plotting.figure(self)
        else:
            plotting.paint(self, axes)
            figure = axes[0].figure
        if path is not None:
            place = Path(path)
            place.parent.mkdir(parents=True, exist_ok=True)
            save_whole(place, plotting.content(figure, place.suffix[1:]), "curves")
        return figure
