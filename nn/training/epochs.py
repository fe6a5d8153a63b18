"""One epoch: updates from batches, then the validation, the schedule, and the figures of it all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from .batch_statistics import update_bn
from .divergence import DivergedError
from .evaluating import evaluate
from .means import Means

if TYPE_CHECKING:
    from .trainer import Trainer

__all__ = ["Batches", "run_epoch"]

Batches: TypeAlias = Iterable[tuple[Any, ...]]


def run_epoch(
    trainer: Trainer, train: Batches, validation: Batches | None, interrupted: Callable[[], bool]
) -> dict[str, float] | None:
    """What is left of the trainer's current epoch: its figures; None if it was interrupted.

    The place that the trainer remembers is always one between two updates, so a checkpoint can be written at any time.

    Raises:
        DivergedError: a loss is not finite; or all were skipped.
        ValueError: there are no batches.
    """
    started = time.perf_counter() - trainer.seconds
    trainer.call("on_epoch_start")
    batches = _left_of(train, trainer.epoch, trainer.batch)
    while group := list(islice(batches, trainer.accumulate)):
        figures = _update(trainer, group)
        trainer.seconds = time.perf_counter() - started
        if figures:
            trainer.call("on_step_end", figures)
        if interrupted():
            return None
        trainer.keeper.after_step(trainer)
    if trainer.batch == 0:
        raise ValueError("fit: there are no batches; an iterator gives its own only once, a list or DataLoader again")
    if not trainer.means.samples:
        raise DivergedError(f"no loss of epoch {trainer.epoch + 1} is finite: all its batches were skipped")
    trainer.batches = trainer.batch
    if trainer.update_bn is not None:
        update_bn(trainer.update_bn, trainer.model if trainer.average is None else trainer.average)
    figures = {"lr": trainer.optimizer.lr, **trainer.means.means()}
    if validation is not None:
        found = evaluate(trainer, validation, interrupted)
        if found is None:
            return None
        figures |= {f"val_{name}": value for name, value in found.items()}
    if trainer.schedule is not None and trainer.schedule_every == "epoch":
        _step_schedule(trainer, figures)
    seconds = time.perf_counter() - started
    figures = {"epoch": trainer.epoch + 1, "step": trainer.step, "seconds": seconds, **figures}
    trainer.history.epochs.append(figures)
    trainer.call("on_epoch_end", figures)
    trainer.epoch += 1
    trainer.batch, trainer.means, trainer.seconds = 0, Means(), 0.0
    return figures


def _left_of(train: Batches, epoch: int, done: int) -> Iterator[tuple[Any, ...]]:
    """The batches of an epoch but for the first few."""
    if hasattr(train, "set_epoch"):
        train.set_epoch(epoch, done)
        return iter(train)
    return islice(iter(train), done, None)


def _update(trainer: Trainer, group: list[tuple[Any, ...]]) -> dict[str, float]:
    """One update of the weights by the mean gradient of some batches; their figures, none if all were skipped."""
    lr = trainer.optimizer.lr
    means = trainer.updater.update(group, f"epoch {trainer.epoch + 1}, step {trainer.step + 1}")
    trainer.batch += len(group)
    if not means.samples:
        return {}
    trainer.step += 1
    figures = means.means()
    trainer.means.add(figures, means.samples)
    trainer.history.steps.append({"step": trainer.step, "lr": lr, **figures})
    if trainer.schedule is not None and trainer.schedule_every == "step":
        _step_schedule(trainer, figures)
    return figures


def _step_schedule(trainer: Trainer, figures: dict[str, float]) -> None:
    if getattr(trainer.schedule, "needs_figure", False):
        trainer.schedule.step(figures.get("val_loss", figures["loss"]))
    else:
        trainer.schedule.step()
