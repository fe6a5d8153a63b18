"""Event files that TensorBoard shows, written by tensorboardX."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..callbacks import Callback
from ..optional import import_optional

if TYPE_CHECKING:
    from ..trainer import Trainer

__all__ = ["TensorBoard"]


class TensorBoard(Callback):
    """Write figures, and histograms if you like: `tensorboard --logdir folder` shows them while the training runs.

    Training and validation are two runs with the same tags, so that their curves lie in one chart: "epoch/loss" and the
    like; "step/loss", "step/lr" of the training. All stand over the number of updates. A training tells TensorBoard
    that events of earlier files do not count from the update on with which it begins.

    Args:
        folder: where `train` and `validation` are made.
        every: updates from one "step/..." to the next.
        histograms: epochs from one "weights/..." and "gradients/..." to the next; None for none of them. Gradients are
            those of the last update.

    Raises:
        ValueError: every or histograms < 1.
        ImportError: tensorboardX is not installed.
    """

    def __init__(self, folder: str | os.PathLike[str], every: int = 10, histograms: int | None = None) -> None:
        for name, value in (("every", every), ("histograms", histograms)):
            if value is not None and value < 1:
                raise ValueError(f"TensorBoard: {name} must be at least 1, got {value}")
        self._writer = import_optional("tensorboardX", "log").SummaryWriter
        self.folder = Path(folder)
        self.every = every
        self.histograms = histograms
        self._runs: dict[str, Any] = {}

    def on_fit_start(self, trainer: Trainer) -> None:
        suffix = f".{trainer.step:09}.{secrets.token_hex(4)}"  # names would be the same for two files of one second
        self._runs = {
            name: self._writer(str(self.folder / name), purge_step=trainer.step + 1, filename_suffix=suffix)
            for name in ("train", "validation")
        }

    def on_step_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        if trainer.step % self.every == 0:
            for name, value in trainer.history.steps[-1].items():
                if name != "step":
                    self._runs["train"].add_scalar(f"step/{name}", value, trainer.step)

    def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        for name, value in figures.items():
            run, tag = ("validation", name[4:]) if name.startswith("val_") else ("train", name)
            if tag not in ("epoch", "step"):
                self._runs[run].add_scalar(f"epoch/{tag}", value, trainer.step)
        if self.histograms is not None and (trainer.epoch + 1) % self.histograms == 0:
            self._write_histograms(trainer)
        for run in self._runs.values():
            run.flush()

    def on_fit_end(self, trainer: Trainer) -> None:
        for run in self._runs.values():
            run.close()
        self._runs = {}

    def _write_histograms(self, trainer: Trainer) -> None:
        for name, parameter in trainer.model.named_parameters():
            self._runs["train"].add_histogram(f"weights/{name}", parameter.numpy(), trainer.step)
            if parameter.grad is not None:
                self._runs["train"].add_histogram(f"gradients/{name}", parameter.grad.numpy(), trainer.step)
