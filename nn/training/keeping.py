"""Which checkpoints of a training are kept: the last, to go on from, and the best."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .history import better, small_is_good

if TYPE_CHECKING:
    from .trainer import Trainer

__all__ = ["Keeper"]


class Keeper:
    """Writes `last.safetensors` and `best.safetensors` into a folder; without a folder it only knows what is best.

    Args:
        folder: made if need be.
        every: updates after which the last one is written anew; None for epochs only.
        monitor: the figure that says which epoch is best; None for "val_loss", or "loss" without validation.

    Raises:
        ValueError: every < 1.
    """

    def __init__(self, folder: str | os.PathLike[str] | None, every: int | None, monitor: str | None) -> None:
        if every is not None and every < 1:
            raise ValueError(f"Trainer: checkpoint_every must be at least 1, got {every}")
        self.folder = None if folder is None else Path(folder)
        self.every = every
        self.monitor = monitor

    @property
    def last(self) -> Path | None:
        """Where the last checkpoint is, or would be."""
        return None if self.folder is None else self.folder / "last.safetensors"

    def found(self) -> Path | None:
        """The last checkpoint, if one was written.

        Raises:
            ValueError: there is no folder in which one could be.
        """
        if self.last is None:
            raise ValueError("fit: resume=True looks for last.safetensors in the trainer's folder; give it folder=")
        return self.last if self.last.exists() else None

    def keep_last(self, trainer: Trainer) -> None:
        """Write the last checkpoint, if there is a place for it."""
        if self.last is not None:
            trainer.save(self.last)

    def after_step(self, trainer: Trainer) -> None:
        """Write the last checkpoint every so many updates."""
        if self.every is not None and trainer.step % self.every == 0:
            self.keep_last(trainer)

    def after_epoch(self, trainer: Trainer, figures: dict[str, float]) -> None:
        """Write the last checkpoint, and the best if this is it.

        Raises:
            ValueError: the epoch has no such figure.
        """
        monitor = self.monitor or ("val_loss" if "val_loss" in figures else "loss")
        if monitor not in figures:
            raise ValueError(f"Trainer: no figure {monitor!r} to monitor; an epoch has {', '.join(figures)}")
        is_best = better(figures[monitor], trainer.best, small_is_good(monitor))
        if is_best:
            trainer.best = figures[monitor]
        self.keep_last(trainer)
        if is_best and self.folder is not None:
            trainer.save(self.folder / "best.safetensors")

    def tell_how_to_resume(self, trainer: Trainer) -> None:
        """What the user reads after Ctrl-C."""
        how = (
            f"fit(..., resume=True) goes on from {self.last}"
            if self.last
            else "fit(...) of this trainer goes on; with folder= another program could"
        )
        sys.stderr.write(f"\ninterrupted in epoch {trainer.epoch + 1} after {trainer.step} steps: {how}\n")
