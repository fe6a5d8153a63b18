"""Means of figures over batches of different sizes."""

from __future__ import annotations

__all__ = ["Means"]


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

    def copy(self) -> Means:
        """These means as they are now."""
        copied = Means()
        copied.samples, copied.totals = self.samples, dict(self.totals)
        return copied

    def since(self, before: Means) -> dict[str, float]:
        """The means over the samples that came after a copy was made."""
        new = Means()
        new.samples = self.samples - before.samples
        new.totals = {name: total - before.totals.get(name, 0.0) for name, total in self.totals.items()}
        return new.means()
