"""Trainer: the loop over epochs and batches, and what belongs to it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence, Sized
from pathlib import Path
from typing import Any

from ..module import Module
from ..optim import Optimizer
from .averaging import ExponentialMovingAverage
from .beginning import Beginning
from .callbacks import Callback
from .checking import check_parts
from .checkpoints import CheckpointError, load_checkpoint, save_checkpoint
from .epochs import Batches, run_epoch
from .evaluating import evaluate, predict
from .history import History
from .interrupting import deferred_interrupt
from .keeping import Keeper
from .means import Means
from .objective import Loss, Objective
from .resuming import restore, state_of
from .showing import Progress, display_here
from .updating import Updater

__all__ = ["Trainer"]


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
        update_bn: batches that are not varied: batch norms take their statistics from them anew after each epoch.
        callbacks: called in their order.
        folder: where checkpoints go: `last.safetensors` after each epoch, `best.safetensors` when `monitor` is better
            than ever.
        checkpoint_every: further checkpoints, after so many updates.
        monitor: the figure by which the best epoch is chosen; by default the validation's loss, or the training's.
        nonfinite: what to do about a loss or a gradient that is infinite or NaN: "stop", or "skip" it and go on.
        progress: whether to show how far it is, and a row of figures for each epoch; None for where standard error is a
            terminal or a notebook, or log_every is given. See `Progress`.
        log_every: batches after each of which a line says how it goes; not with progress=False.

    Attributes:
        epoch, epochs: number of the current epoch, from 0, and how many there are to be.
        step: how many updates there were.
        batch, means, seconds: how many batches of this epoch are done, their figures, and the time that they took.
        batches: how many an epoch has; None while nobody knows.
        best: the best value of `monitor` so far.
        history: the figures so far; see `History`.
        display: where progress and curves are shown.
        interrupted: whether Ctrl-C ended the training.
        stopped: why a callback ended the training, else None.

    Raises:
        ValueError: numbers out of range, or an optimizer or a schedule of something else.
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
        update_bn: Batches | None = None,
        callbacks: Iterable[Callback] = (),
        folder: str | os.PathLike[str] | None = None,
        checkpoint_every: int | None = None,
        monitor: str | None = None,
        nonfinite: str = "stop",
        progress: bool | None = None,
        log_every: int | None = None,
    ) -> None:
        if accumulate < 1:
            raise ValueError(f"Trainer: accumulate must be at least 1, got {accumulate}")
        if schedule_every not in ("epoch", "step"):
            raise ValueError(f"Trainer: schedule_every must be 'epoch' or 'step', got {schedule_every!r}")
        self.callbacks = list(callbacks)
        check_parts(model, optimizer, schedule, self.callbacks)
        self.model = model
        self.optimizer = optimizer
        self.objective = Objective(loss, metrics, loss_weights)
        self.average = None if ema is None else ExponentialMovingAverage(model, ema)
        self.update_bn = update_bn
        self.updater = Updater(
            model, optimizer, self.objective, self.average,
            clip_norm=clip_norm, clip_value=clip_value, nonfinite=nonfinite,
        )  # fmt: skip
        self.keeper = Keeper(folder, checkpoint_every, monitor)
        self.schedule = schedule
        self.schedule_every = schedule_every
        self.accumulate = accumulate
        self.display = display_here()
        wanted = self.display.moves or log_every is not None if progress is None else progress
        shown = any(isinstance(callback, Progress) for callback in self.callbacks)
        self.progress = Progress(log_every) if wanted and not shown else None
        self.epoch, self.epochs = 0, 0
        self.batch = 0
        self.batches: int | None = None
        self.step = 0
        self.means = Means()
        self.seconds = 0.0
        self.best: float | None = None
        self.history = History()
        self.interrupted = False
        self.stopped: str | None = None
        self._beginning = Beginning(self)

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
            DivergedError: a loss or a gradient is not finite; the weights are those before it.
            CheckpointError: the checkpoint is that of another model.
            ValueError: there are no batches, or no folder to resume from.
        """
        self.interrupted, self.stopped = False, None
        if resume and (checkpoint := self.keeper.found()) is not None:
            self.load(checkpoint)
        self.epochs = epochs
        self.batches = len(train) if isinstance(train, Sized) else None
        if not self.model.training:
            self.model.train()
        try:
            self.call("on_fit_start")
            with deferred_interrupt() as interrupted:
                while self.epoch < epochs and self.stopped is None:
                    figures = None if interrupted() else run_epoch(self, train, validation, interrupted)
                    if figures is None:
                        self.interrupted = True
                        self.keeper.keep_last(self)
                        break
                    self.keeper.after_epoch(self, figures)
        finally:
            self.call("on_fit_end")
            self.display.close()
        if self.interrupted:
            self.keeper.tell_how_to_resume(self)
        return self.history

    def stop(self, reason: str = "a callback asked for it") -> None:
        """End the training after this epoch."""
        self.stopped = reason

    def evaluate(self, batches: Batches) -> dict[str, float]:
        """The mean figures over batches, in evaluation mode, without a graph; of the averaged weights if there are.

        Raises:
            ValueError: there are no batches.
        """
        try:
            return evaluate(self, batches) or {}
        finally:
            self.display.close()

    def predict(self, inputs: Any, batch_size: int = 256) -> Any:
        """The model's outputs for all samples, as an array; a tuple or a dict of arrays for a model with several heads.

        Args:
            inputs: an array (N, ...), or batches: arrays, or tuples whose first array counts, as a `DataLoader` gives.
            batch_size: samples at once, of an array.

        Raises:
            ValueError: there are no batches.
        """
        try:
            return predict(self, inputs, batch_size)
        finally:
            self.display.close()

    def reset(self, seed: int | None = None) -> None:
        """Begin again: fresh weights, and everything else as it was when the trainer was made.

        Args:
            seed: of the weights and of all that is drawn afterwards, as by `nn.manual_seed`; None for others each time.

        Checkpoints stay where they are until the next training writes over them.

        Raises:
            NotImplementedError: a module does not say how its parameters are drawn; nothing is changed then.
        """
        self._beginning.restore(self, seed)

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

    def call(self, event: str, *args: Any) -> None:
        """Tell all callbacks, and the progress display after them, of an event by its name."""
        for callback in (*self.callbacks, *([] if self.progress is None else [self.progress])):
            getattr(callback, event)(self, *args)
