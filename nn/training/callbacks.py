"""Callbacks: what happens beside the training, at each step and epoch."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from .history import better, small_is_good

if TYPE_CHECKING:
    from .trainer import Trainer

__all__ = ["Callback", "EarlyStopping"]


class Callback:
    """The base of callbacks; each method does nothing until a subclass says what.

    A callback that has a state keeps it in the checkpoint by `state_dict` and `load_state_dict`, and forgets it in
    `on_reset`. One without may be added to a training that is resumed, or left out.
    """

    def on_fit_start(self, trainer: Trainer) -> None:
        """The training begins, or goes on."""

    def on_epoch_start(self, trainer: Trainer) -> None:
        """An epoch begins: `trainer.epoch` counts from 0."""

    def on_step_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        """The weights were updated, for the `trainer.step`-th time; the figures are those of its batches."""

    def on_evaluate_start(self, trainer: Trainer, batches: int | None) -> None:
        """A validation, an evaluation or a prediction begins, of so many batches; None if nobody knows."""

    def on_evaluate_batch(self, trainer: Trainer, done: int) -> None:
        """So many of its batches are done."""

    def on_evaluate_end(self, trainer: Trainer) -> None:
        """It has ended, also by an error."""

    def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        """An epoch has ended, validation included. `trainer.stop()` ends the training here."""

    def on_fit_end(self, trainer: Trainer) -> None:
        """The training has ended, also by an error or Ctrl-C."""

    def on_reset(self, trainer: Trainer) -> None:
        """The training is to begin again with fresh weights: what was seen of it does not count."""

    def state_dict(self) -> dict[str, Any]:
        """What the callback has to remember when a training is resumed: arrays, numbers, strings, lists and dicts."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave."""


class EarlyStopping(Callback):
    """End the training when a figure has not become better for some epochs, and restore the weights of the best one.

    Args:
        monitor: the figure's name, as in the history.
        patience: epochs without an improvement after which the training ends.
        min_delta: by how much a figure must be better to count.
        smallest: whether small is good; None takes that for names ending in "loss" or "error".
        restore_best: whether the model gets the best epoch's weights at the end of the training.

    Raises:
        ValueError: patience < 1; from training: no epoch has the figure.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        patience: int = 5,
        min_delta: float = 0.0,
        smallest: bool | None = None,
        restore_best: bool = True,
    ) -> None:
        if patience < 1:
            raise ValueError(f"EarlyStopping: patience must be at least 1, got {patience}")
        self.monitor = monitor
        self.patience = patience
        self.min_delta = min_delta
        self.smallest = small_is_good(monitor) if smallest is None else smallest
        self.restore_best = restore_best
        self.best: float | None = None
        self.best_epoch = -1
        self.weights: dict[str, NDArray[Any]] = {}
        self.average: dict[str, Any] = {}
        self.resumed = False

    def on_reset(self, trainer: Trainer) -> None:
        self.best, self.best_epoch, self.weights, self.average = None, -1, {}, {}

    def on_fit_start(self, trainer: Trainer) -> None:
        """What ended before its process did has ended: a resumed training must not come to other weights."""
        if self.resumed and self.monitor in trainer.history.last:
            self._judge(trainer, trainer.history.last[self.monitor], trainer.epoch - 1)
        self.resumed = False

    def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        if self.monitor not in figures:
            raise ValueError(f"EarlyStopping: no figure {self.monitor!r}; an epoch has {', '.join(figures)}")
        value = figures[self.monitor]
        if better(value, self.best, self.smallest, self.min_delta):
            self.best, self.best_epoch = value, trainer.epoch
            self.weights = trainer.model.state_dict()
            self.average = {} if trainer.average is None else deepcopy(trainer.average.state_dict())
        self._judge(trainer, value, trainer.epoch)

    def _judge(self, trainer: Trainer, value: float, epoch: int) -> None:
        """End the training if the figure of this epoch, the last one, is not worth going on."""
        if not math.isfinite(value):
            trainer.stop(f"{self.monitor} is {value}")
        elif epoch - self.best_epoch >= self.patience:
            trainer.stop(f"{self.monitor} has not been better than {self.best:.6g} since epoch {self.best_epoch + 1}")

    def on_fit_end(self, trainer: Trainer) -> None:
        if self.restore_best and self.weights and not trainer.interrupted:
            trainer.model.load_state_dict(self.weights)
            if trainer.average is not None:
                trainer.average.load_state_dict(self.average)

    def state_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("best", "best_epoch", "weights", "average")}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for name in ("best", "best_epoch", "weights", "average"):
            setattr(self, name, state[name])
        self.resumed = True
