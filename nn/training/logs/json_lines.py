"""A log of lines, each a JSON object; whole ones, once each, also after kill -9 and a resumption."""

from __future__ import annotations

import json
import math
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ....autograd.files import save_whole
from ..callbacks import Callback

if TYPE_CHECKING:
    from ..trainer import Trainer

__all__ = ["JSONLines"]


class JSONLines(Callback):
    """Write a line for each epoch, and one for every so many updates.

    A line is an object with "event" ("epoch" or "step"), "time" (seconds since 1970) and the figures as the history
    has them; null stands for what is not finite. Each is written by one call to the system, so a killed process leaves
    whole lines. Where a training goes on, lines from after that place (and a line that is not whole) are taken out
    first; a training from its beginning begins an empty file.

    Args:
        path: of the file; its folder is made if need be.
        every: updates from one line to the next; None for epochs only.

    Raises:
        ValueError: every < 1.
    """

    def __init__(self, path: str | os.PathLike[str], every: int | None = None) -> None:
        if every is not None and every < 1:
            raise ValueError(f"JSONLines: every must be at least 1, got {every}")
        self.path = Path(path)
        self.every = every

    def on_fit_start(self, trainer: Trainer) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        before = self.path.read_bytes() if self.path.exists() else b""
        kept = b"".join(line for line in before.splitlines(keepends=True) if _is_past(line, trainer))
        if kept != before:
            save_whole(self.path, kept, "log")

    def on_step_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        if self.every is not None and trainer.step % self.every == 0:
            self._write("step", trainer.history.steps[-1])

    def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        self._write("epoch", figures)

    def _write(self, event: str, figures: dict[str, float]) -> None:
        content: dict[str, Any] = {"event": event, "time": round(time.time(), 3)}
        content |= {name: value if math.isfinite(value) else None for name, value in figures.items()}
        with self.path.open("ab", buffering=0) as file:
            file.write(json.dumps(content).encode() + b"\n")


def _is_past(line: bytes, trainer: Trainer) -> bool:
    """Whether a line tells of what the training has behind it."""
    try:
        content = json.loads(line)
        if content["event"] == "epoch":
            return line.endswith(b"\n") and bool(content["epoch"] <= trainer.epoch)
        return line.endswith(b"\n") and bool(content["step"] <= trainer.step)
    except (ValueError, KeyError, TypeError):
        return False
