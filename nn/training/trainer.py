"""Trainer: the loop over epochs and batches, and what belongs to it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

from ...autograd.mode import no_grad
from ...autograd.tensor import Tensor
from ..module import Module
from ..optim import Optimizer
from .averaging import ExponentialMovingAverage
from .callbacks import Callback
from .checkpoints import CheckpointError, load_checkpoint, save_checkpoint
from .history import History, Means
from .interrupting import deferred_interrupt
from .keeping import Keeper
from .objective import Loss, Objective
from .resuming import restore, state_of
from .updating import Updater

__all__ = ["Trainer"]

Batches = Iterable[tuple[Any, ...]]


class Trainer:
    """Trains a model: `Trainer(model, optimizer, F.cross_entropy, folder="run").fit(train, validation, epochs=10)`.

    Args:
        model: called with the first array of a batch, as a tensor.
        optimizer: over the model's parameters.
        loss: (outputs, targets) -> scalar; for several heads a sequence or a dict of such. See `Objective`.
        metrics: (outputs, targets) -> number, by name; see `Objective`.
        loss_weights: what each head's loss counts, by head.
        schedule: of the learning rate, with `step()`; called after each epoch, or with `schedule_every="step"` after
            each update. One that asks for a figure (`ReduceLROnPlateau`) gets "val_loss", or "loss" without validation.
        accumulate: batches whose gradients are averaged for one update.
        clip_norm, clip_value: gradients are clipped so before an update.
        ema: decay of an exponential moving average of the weights, which then is what is validated and kept as best.
        callbacks: called in their order.
        folder: where checkpoints go: `last.safetensors` after each epoch, `best.safetensors` when `monitor` is better
            than ever.
        checkpoint_every: further checkpoints, after so many updates.
        monitor: the figure by which the best epoch is chosen; by default the validation's loss, or the training's.
        nonfinite: what to do about a loss that is infinite or NaN: "stop", or "skip" the batch and go on.

    Attributes:
        epoch: number of the current epoch, from 0.
        step: how many updates there were.
        batch, means, seconds: how many batches of this epoch are done, their figures, and the time that they took.
        best: the best value of `monitor` so far.
        history: the figures so far; see `History`.
        interrupted: whether Ctrl-C ended the training.
        stopped: why a callback ended the training, else None.

    Raises:
        ValueError: numbers out of range.
    """

    def __init__(
        self,
        model: Module,
        optimizer: Optimizer,
        loss: Loss | Sequence[Loss] | Mapping[str, Loss],
        *,
        metrics: Mapping[str, Any] | None = None,
        loss_weights: Mapping[str, float] | None = None,
        schedule: Any = None,
        schedule_every: str = "epoch",
        accumulate: int = 1,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        ema: float | None = None,
        callbacks: Iterable[Callback] = (),
        folder: str | os.PathLike[str] | None = None,
        checkpoint_every: int | None = None,
        monitor: str | None = None,
        nonfinite: str = "stop",
    ) -> None:
        if accumulate < 1:
            raise ValueError(f"Trainer: accumulate must be at least 1, got {accumulate}")
        if schedule_every not in ("epoch", "step"):
            raise ValueError(f"Trainer: schedule_every must be 'epoch' or 'step', got {schedule_every!r}")
        self.model = model
        self.optimizer = optimizer
        self.objective = Objective(loss, metrics, loss_weights)
        self.average = None if ema is None else ExponentialMovingAverage(model, ema)
        self._updater = Updater(
            model, optimizer, self.objective, self.average,
            clip_norm=clip_norm, clip_value=clip_value, nonfinite=nonfinite,
        )  # fmt: skip
        self._keeper = Keeper(folder, checkpoint_every, monitor)
        self.schedule = schedule
        self.schedule_every = schedule_every
        self.accumulate = accumulate
        self.callbacks = list(callbacks)
        self.epoch = 0
        self.step = 0
        self.history = History()
        self.interrupted = False
        self.stopped: str | None = None
        self.batch = 0
        self.means = Means()
        self.seconds = 0.0
        self.best: float | None = None

    def fit(
        self, train: Batches, validation: Batches | None = None, epochs: int = 1, *, resume: bool = False
    ) -> History:
        """Train until `epochs` epochs are done in all, and return the history.

        Args:
            train: gives the batches of an epoch each time that it is iterated over, each a tuple of arrays: the inputs,
                then one target for each head. A `DataLoader` is told which epoch it is, so that orders repeat.
            validation: the same; looked at after each epoch, without dropout and gradients.
            epochs: how many there are to be, those before a resumption included.
            resume: go on from `last.safetensors` in the folder, if there is one: what follows is, bit by bit, what
                would have followed without the interruption.

        Ctrl-C ends the training after the current update, with a checkpoint if there is a folder.

        Raises:
            DivergedError: a loss is not finite; the weights are those before it.
            CheckpointError: the checkpoint is that of another model.
        """
        self.interrupted, self.stopped = False, None
        if resume and self._keeper.last is not None and self._keeper.last.exists():
            self.load(self._keeper.last)
        self._call("on_fit_start")
        try:
            with deferred_interrupt() as interrupted:
                while self.epoch < epochs and self.stopped is None:
                    if not self._one_epoch(train, validation, interrupted):
                        self.interrupted = True
                        break
        finally:
            self._call("on_fit_end")
        if self.interrupted:
            self._keeper.tell_how_to_resume(self)
        return self.history

    def stop(self, reason: str = "a callback asked for it") -> None:
        """End the training after this epoch."""
        self.stopped = reason

    def evaluate(self, batches: Batches) -> dict[str, float]:
        """The mean figures over batches, in evaluation mode, without a graph; of the averaged weights if there are."""
        means = Means()
        training = self.model.training
        self.model.eval()
        with no_grad(), nullcontext() if self.average is None else self.average.applied():
            for inputs, *targets in batches:
                _, figures = self.objective(self.model(Tensor(inputs, copy=None)), targets)
                means.add(figures, len(inputs))
        self.model.train(training)
        return means.means()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the whole state of the training to a file."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        save_checkpoint(self.state_dict(), path)

    def load(self, path: str | os.PathLike[str]) -> None:
        """Go on from a file that `save` wrote.

        Raises:
            FileNotFoundError: no such file.
            CheckpointError: no checkpoint, or that of another model; nothing is changed then.
        """
        state = load_checkpoint(path)
        try:
            self.load_state_dict(state)
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError(f"{path}: not a checkpoint of this training ({error})") from error

    def state_dict(self) -> dict[str, Any]:
        """Everything that the rest of the training depends on."""
        return state_of(self)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave.

        Raises:
            ValueError: it is that of another training; nothing is changed then.
        """
        restore(self, state)

    def _one_epoch(self, train: Batches, validation: Batches | None, interrupted: Callable[[], bool]) -> bool:
        """Whether the epoch was not interrupted."""
        started = time.perf_counter() - self.seconds
        self._call("on_epoch_start")
        batches = self._batches_of(train)
        while group := list(islice(batches, self.accumulate)):
            self._update(group)
            self.seconds = time.perf_counter() - started
            if interrupted():
                self._keeper.keep_last(self)
                return False
            self._keeper.after_step(self)
        figures = {"lr": self.optimizer.lr, **self.means.means()}
        if validation is not None:
            figures |= {f"val_{name}": value for name, value in self.evaluate(validation).items()}
        if self.schedule is not None and self.schedule_every == "epoch":
            self._step_schedule(figures)
        figures = {"epoch": self.epoch + 1, "seconds": time.perf_counter() - started, **figures}
        self.history.epochs.append(figures)
        self._call("on_epoch_end", figures)
        self.epoch += 1
        self.batch, self.means, self.seconds = 0, Means(), 0.0
        self._keeper.after_epoch(self, figures)
        return True

    def _batches_of(self, train: Batches) -> Iterator[tuple[Any, ...]]:
        """What is left of this epoch's batches."""
        if hasattr(train, "set_epoch"):
            train.set_epoch(self.epoch, self.batch)
            return iter(train)
        return islice(iter(train), self.batch, None)

    def _update(self, group: list[tuple[Any, ...]]) -> None:
        """One update of the weights by the mean gradient of some batches."""
        lr = self.optimizer.lr
        means = self._updater.update(group, f"epoch {self.epoch + 1}, step {self.step + 1}")
        self.batch += len(group)
        if not means.samples:  # all of them skipped
            return
        self.step += 1
        figures = means.means()
        self.means.add(figures, means.samples)
        self.history.steps.append({"step": self.step, "lr": lr, **figures})
        if self.schedule is not None and self.schedule_every == "step":
            self._step_schedule(figures)
        self._call("on_step_end", figures)

    def _step_schedule(self, figures: dict[str, float]) -> None:
        if getattr(self.schedule, "needs_figure", False):
            self.schedule.step(figures.get("val_loss", figures["loss"]))
        else:
            self.schedule.step()

    def _call(self, name: str, *args: Any) -> None:
        for callback in self.callbacks:
            getattr(callback, name)(self, *args)
