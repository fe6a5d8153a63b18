"""Histories that are written down, not trained."""

from __future__ import annotations

from tapegrad.nn.training import History

__all__ = ["history"]


def history(epochs: int = 3, updates: int = 10, heads: bool = False, validation: bool = True) -> History:
    """A loss that falls as 1 / step, and an accuracy that rises."""
    made = History()
    for step in range(1, epochs * updates + 1):
        figures = {"loss": 1 / step, "accuracy": 1 - 1 / (step + 1)}
        if heads:
            figures = {"loss": 2 / step, "a/loss": 1 / step, "b/loss": 1 / step, "a/hit": 0.5, "b/hit": 0.6}
        made.steps.append({"step": step, "lr": 0.1, **figures})
        if step % updates == 0:
            found = {f"val_{name}": value for name, value in figures.items()} if validation else {}
            epoch = step // updates
            made.epochs.append({"epoch": epoch, "step": step, "seconds": 1.0, "lr": 0.1, **figures, **found})
    return made
