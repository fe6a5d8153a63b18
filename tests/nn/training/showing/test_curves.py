"""Curves: drawn while the training runs, and a whole picture after each epoch."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

import pytest
from PIL import Image

from tapegrad.nn.training import Callback, Curves, History, Trainer
from tapegrad.nn.training.showing.curves import Sparing

from ..problems import loaders, trainer
from .recorder import Recorder

plot = History.plot


class Look(Callback):
    """Opens the picture after each epoch."""

    def __init__(self, path: Path) -> None:
        self.path, self.sizes = path, list[tuple[int, int]]()

    def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        with Image.open(self.path) as picture:
            picture.load()
            self.sizes.append(picture.size)


def test_a_picture_after_each_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tapegrad.nn.training.showing.curves._SHARE", 1.0)
    look = Look(tmp_path / "curves.png")
    t = trainer(tmp_path, callbacks=[Curves(), look])
    written = []

    def noted(history: History, path: Path) -> None:
        written.append(len(history.epochs))
        plot(history, path)

    monkeypatch.setattr(History, "plot", noted)
    t.fit(*loaders(), epochs=2)
    assert look.sizes == [(1100, 396)] * 2
    assert written == [1, 2, 2]
    named = tmp_path / "pictures" / "curves.svg"
    trainer(callbacks=[Curves(named)]).fit(*loaders())
    assert named.read_text("utf-8").rstrip().endswith("</svg>")
    assert {path.suffix for path in tmp_path.rglob("*.*")} == {".png", ".svg", ".safetensors"}


def test_drawing_takes_a_small_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that goes on by a second for each look at it: what takes 1 s is done again after 19 more."""
    clock = count()
    monkeypatch.setattr("time.perf_counter", lambda: float(next(clock)))
    done: list[float] = []
    sparing = Sparing(5.0)
    for _ in range(60):
        sparing.do(lambda: done.append(1.0))
    assert len(done) == 3  # at 5, 26 and 47


def test_live_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tapegrad.nn.training.showing.curves._INTERVAL", 0.0)
    monkeypatch.setattr("tapegrad.nn.training.showing.curves._SHARE", 1.0)
    for live, moves, drawn in ((True, True, 10), (False, True, 0), (True, False, 0)):
        t = trainer(callbacks=[Curves(live=live)], progress=False)
        t.display = display = Recorder()
        display.moves = moves
        t.fit(*loaders())
        assert display.drawn == drawn


def test_a_training_that_ends_before_its_first_update_has_no_curves(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there are no batches"):
        trainer(tmp_path, callbacks=[Curves()]).fit([])
    assert list(tmp_path.iterdir()) == []


def test_a_missing_library_is_told_before_the_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    t = trainer(tmp_path, callbacks=[Curves()])
    with pytest.raises(ImportError, match=r'package matplotlib, which is not installed: pip install "tapegrad\[viz\]"'):
        t.fit(*loaders())
    assert t.step == 0
    trainer(callbacks=[Curves()]).fit(*loaders())
