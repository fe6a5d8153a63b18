"""What a training did, epoch by epoch and step by step."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

__all__ = ["History", "Means"]


@dataclass
class History:
    """The figures of a training.

    Attributes:
        epochs: for each epoch its number, "seconds", "lr", the means of the training's figures and, with "val_" before
            their names, those of the validation's.
        steps: for each update its number, "lr" and the figures of its batches.
    """

    epochs: list[dict[str, float]] = field(default_factory=list)
    steps: list[dict[str, float]] = field(default_factory=list)

    def __getitem__(self, name: str) -> list[float]:
        """A figure of all epochs that have it: `history["val_accuracy"]`."""
        return [epoch[name] for epoch in self.epochs if name in epoch]

    @property
    def last(self) -> dict[str, float]:
        """The figures of the last epoch; none before the first has ended."""
        return self.epochs[-1] if self.epochs else {}

    def best(self, name: str, smallest: bool | None = None) -> dict[str, float]:
        """The epoch with the best figure: the smallest of what is named a loss, the largest of everything else.

        Raises:
            KeyError: no epoch has this figure.
        """
        epochs = [epoch for epoch in self.epochs if name in epoch]
        if not epochs:
            known = ", ".join(self.last) or "none"
            raise KeyError(f"no epoch has a figure {name!r}; there are: {known}")
        smallest = name.endswith(("loss", "error")) if smallest is None else smallest
        return min(epochs, key=lambda epoch: epoch[name] if smallest else -epoch[name])

    def to_json(self) -> str:
        """All of it; numbers keep every digit."""
        return json.dumps({"epochs": self.epochs, "steps": self.steps})

    @classmethod
    def from_json(cls, text: str) -> History:
        """What `to_json` wrote."""
        content: dict[str, Any] = json.loads(text)
        return cls(content["epochs"], content["steps"])


class Means:
    """Running means of figures, weighted by numbers of samples."""

    def __init__(self) -> None:
        self.samples = 0
        self.totals: dict[str, float] = {}

    def add(self, figures: dict[str, float], samples: int) -> None:
        """Take in the means of a batch."""
        self.samples += samples
        for name, value in figures.items():
            self.totals[name] = self.totals.get(name, 0.0) + value * samples

    def means(self) -> dict[str, float]:
        """The means over all samples so far."""
        return {name: total / self.samples for name, total in self.totals.items()}
