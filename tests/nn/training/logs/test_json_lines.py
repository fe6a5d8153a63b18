"""A log of lines: each figure once, whole lines only."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

import pytest

from tapegrad.nn.training import Callback, JSONLines, Trainer

from ..problems import loaders, trainer


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_epochs_and_steps(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "run.jsonl"
    began = time.time()
    history = trainer(callbacks=[JSONLines(path, every=4)]).fit(*loaders(), epochs=2)
    lines = read(path)
    assert [(line["event"], line["step"]) for line in lines] == [
        ("step", 4), ("step", 8), ("epoch", 9), ("step", 12), ("step", 16), ("epoch", 18),
    ]  # fmt: skip
    assert all(began - 1 < line["time"] < time.time() + 1 for line in lines)
    for line in lines:
        del line["time"], line["event"]
    assert lines[2] == history.epochs[0]
    assert lines[0] == history.steps[3]


def test_epochs_alone_and_a_new_beginning(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    for _ in range(2):
        trainer(callbacks=[JSONLines(path)]).fit(*loaders(), epochs=2)
        assert [line["epoch"] for line in read(path)] == [1, 2]


class Broken(Callback):
    """Ends the program in the middle of an epoch; the process is as good as killed."""

    def on_step_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        if trainer.step == 14:
            raise SystemExit


def test_steps_that_are_done_again_stand_once(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    t = trainer(tmp_path, callbacks=[JSONLines(path, every=1), Broken()], checkpoint_every=4)
    with pytest.raises(SystemExit):
        t.fit(*loaders(), epochs=3)
    assert [line["step"] for line in read(path)] == [*range(1, 10), 9, *range(10, 15)]
    with path.open("ab") as file:
        file.write(b'{"event": "step", "step": 1, "lo')  # a line that a full disk cut off
    t = trainer(tmp_path, callbacks=[JSONLines(path, every=1)])
    t.fit(*loaders(), epochs=3, resume=True)
    lines = read(path)
    assert [line["step"] for line in lines if line["event"] == "step"] == list(range(1, 28))
    assert [line["epoch"] for line in lines if line["event"] == "epoch"] == [1, 2, 3]
    more = t.fit(*loaders(), epochs=4)
    assert len(read(path)) == len(more.steps) + len(more.epochs)


def test_an_epoch_line_without_its_checkpoint_is_written_again(tmp_path: Path) -> None:
    """Killed after the line, before the checkpoint: the last one is of the epoch's last update."""
    path = tmp_path / "run.jsonl"

    class BrokenAtTheEnd(Callback):
        def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
            raise SystemExit

    with pytest.raises(SystemExit):
        trainer(tmp_path, callbacks=[JSONLines(path), BrokenAtTheEnd()], checkpoint_every=9).fit(*loaders())
    assert len(read(path)) == 1
    trainer(tmp_path, callbacks=[JSONLines(path)]).fit(*loaders(), resume=True)
    assert len(read(path)) == 1


def test_what_is_not_finite_is_null(tmp_path: Path) -> None:
    class Odd(Callback):
        def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
            figures |= {"a": math.nan, "b": -math.inf}

    path = tmp_path / "run.jsonl"
    trainer(callbacks=[Odd(), JSONLines(path)]).fit(*loaders())
    (line,) = read(path)
    assert (line["a"], line["b"]) == (None, None)
    assert "NaN" not in path.read_text("utf-8")


def test_foreign_lines_do_not_stay(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(b'[1]\n{"event": "step"}\nno json\n\xff\n')
    trainer(callbacks=[JSONLines(path)]).fit(*loaders())
    assert len(read(path)) == 1
    with pytest.raises(ValueError, match="every must be at least 1, got 0"):
        JSONLines(path, every=0)
