"""Loss and metrics as curves that grow while the training runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..callbacks import Callback
from ..optional import import_optional

if TYPE_CHECKING:
    from ..trainer import Trainer

__all__ = ["Curves"]

_INTERVAL = 1.0  # seconds between two drawings
_SHARE = 0.05  # of the time, for drawing


class Curves(Callback):
    """Draw losses and metrics, of each update and each epoch, of training and validation.

    Drawing takes a twentieth of the time at most: where epochs are quicker than that, not each of them is drawn, but
    always the last.

    Args:
        path: a picture (png, svg, pdf by its suffix), written whole after each epoch; None for `curves.png` in the
            trainer's folder, or no file if it has none.
        live: whether the curves are shown while they grow, as characters in a terminal, as a picture in a notebook.
            Where nothing can move nothing is shown.

    Raises:
        ImportError: a picture is to be made, and matplotlib is not installed.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None, live: bool = True) -> None:
        self.path = None if path is None else Path(path)
        self.live = live
        self._showing = Sparing(_INTERVAL)
        self._writing = Sparing(0.0)

    def on_fit_start(self, trainer: Trainer) -> None:
        self._showing, self._writing = Sparing(_INTERVAL), Sparing(0.0)
        if self._place(trainer) is not None:
            import_optional("matplotlib", "viz")  # now, rather than after an epoch

    def on_step_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        if self._shows(trainer):
            self._showing.do(lambda: trainer.display.curves(trainer.history))

    def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        path = self._place(trainer)
        if path is not None:
            self._writing.do(lambda: trainer.history.plot(path))

    def on_fit_end(self, trainer: Trainer) -> None:
        if not trainer.history.steps:
            return
        if self._shows(trainer):
            trainer.display.curves(trainer.history)
        path = self._place(trainer)
        if path is not None:
            trainer.history.plot(path)

    def _shows(self, trainer: Trainer) -> bool:
        return self.live and trainer.display.moves

    def _place(self, trainer: Trainer) -> Path | None:
        """Where the picture goes."""
        folder = trainer.keeper.folder
        return self.path or (None if folder is None else folder / "curves.png")


class Sparing:
    """Does something only if it is some seconds ago, and long enough to have taken but a small share of the time."""

    def __init__(self, interval: float) -> None:
        self.interval = interval
        self._next = time.perf_counter() + interval

    def do(self, work: Callable[[], object]) -> None:
        """Do it, or leave it for now."""
        started = time.perf_counter()
        if started < self._next:
            return
        work()
        ended = time.perf_counter()
        self._next = ended + max(self.interval, (ended - started) * (1 / _SHARE - 1))
