"""How far a training is, what it has reached, and when it will be done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..callbacks import Callback
from ..formats import duration, short
from ..means import Means
from .clock import Clock
from .rows import Rows

if TYPE_CHECKING:
    from ..trainer import Trainer

__all__ = ["Progress"]


class Progress(Callback):
    """A bar over all epochs and batches, and a row of figures for each epoch, on the trainer's display.

    The display is standard error: a terminal (with rich) and a notebook have the bar, with the time left, the means of
    this epoch's figures so far and the rate; a file or a pipe has the rows alone.

    Args:
        log_every: batches after each of which a line says how it goes, with the means since the line before.

    Raises:
        ValueError: log_every < 1.
    """

    def __init__(self, log_every: int | None = None) -> None:
        if log_every is not None and log_every < 1:
            raise ValueError(f"Progress: log_every must be at least 1, got {log_every}")
        self.log_every = log_every
        self._training = False
        self._rows = Rows()
        self._clock = Clock()
        self._logged, self._logged_batch = Means(), 0
        self._evaluated: int | None = None
        self._shown = 0.0

    def on_fit_start(self, trainer: Trainer) -> None:
        self._training, self._rows, self._clock = True, Rows(), Clock()
        if trainer.epoch >= trainer.epochs:
            trainer.display.line(f"{trainer.epoch} of {trainer.epochs} epochs are done already")
        elif trainer.step and trainer.stopped is None:
            trainer.display.line(
                f"going on in epoch {_of(trainer.epoch + 1, trainer.epochs)} after {trainer.step} steps"
            )

    def on_epoch_start(self, trainer: Trainer) -> None:
        self._logged, self._logged_batch = trainer.means.copy(), trainer.batch

    def on_step_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        if trainer.batches is not None:
            self._clock.note(trainer.epoch * trainer.batches + trainer.batch)
        name = f"epoch {_of(trainer.epoch + 1, trainer.epochs)}"
        if self.log_every is not None and trainer.batch // self.log_every > self._logged_batch // self.log_every:
            trainer.display.line(f"{name}  {self._state(trainer, trainer.means.since(self._logged))}")
            self._logged, self._logged_batch = trainer.means.copy(), trainer.batch
        if self._due(trainer):
            done = (trainer.epoch + trainer.batch / trainer.batches) / trainer.epochs if trainer.batches else None
            trainer.display.bar(name, done, self._state(trainer, trainer.means.means()))

    def on_evaluate_start(self, trainer: Trainer, batches: int | None) -> None:
        self._evaluated = batches

    def on_evaluate_batch(self, trainer: Trainer, done: int) -> None:
        if not self._due(trainer):
            return
        batch = f"batch {_of(done, self._evaluated)}"
        if self._training:
            name = f"epoch {_of(trainer.epoch + 1, trainer.epochs)}"
            trainer.display.bar(name, (trainer.epoch + 1) / trainer.epochs, f"validation, {batch}")
        else:
            trainer.display.bar("evaluating", done / self._evaluated if self._evaluated else None, batch)

    def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        for line in self._rows.of(figures, trainer.display.width):
            trainer.display.line(line)

    def on_fit_end(self, trainer: Trainer) -> None:
        self._training = False
        if trainer.stopped is not None:
            trainer.display.line(f"stopped: {trainer.stopped}")

    def _due(self, trainer: Trainer) -> bool:
        """Whether the bar was shown long enough as it is."""
        now = time.perf_counter()
        due = now - self._shown >= trainer.display.interval
        if due:
            self._shown = now
        return due

    def _state(self, trainer: Trainer, figures: dict[str, float]) -> str:
        """Where the training is, the most important first: a narrow terminal cuts off the rest."""
        parts = [f"batch {_of(trainer.batch, trainer.batches)}"]
        left = None if trainer.batches is None else self._clock.left(trainer.epochs * trainer.batches)
        if left is not None:
            parts.append(f"{duration(left)} left")
        parts += [f"{name} {short(value)}" for name, value in figures.items()]
        if trainer.seconds > 0:
            parts.append(f"{trainer.means.samples / trainer.seconds:,.0f} samples/s")
        return "  ".join(parts)


def _of(done: int, whole: int | None) -> str:
    return f"{done}" if whole is None else f"{done}/{whole}"
