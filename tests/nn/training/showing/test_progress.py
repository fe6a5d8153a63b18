"""Progress: bars, rows and lines say what is true, and stand where they should."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from tapegrad.nn.training import EarlyStopping, Progress, Trainer
from tapegrad.nn.training.formats import duration, short
from tapegrad.nn.training.showing.clock import Clock
from tapegrad.nn.training.showing.rows import Rows

from ..problems import loaders, trainer
from .recorder import Recorder


def watched(width: int = 100, **options: Any) -> tuple[Trainer, Recorder]:
    t = trainer(**{"progress": True, **options})
    t.display = display = Recorder(width)
    return t, display


def test_the_bar_goes_over_all_epochs_and_batches() -> None:
    t, display = watched()
    t.fit(*loaders(), epochs=3)
    training = [bar for bar in display.bars if "validation" not in bar[2]]
    assert [name for name, _, _ in training] == ["epoch 1/3"] * 9 + ["epoch 2/3"] * 9 + ["epoch 3/3"] * 9
    np.testing.assert_allclose([share for _, share, _ in training if share is not None], np.arange(1, 28) / 27)
    assert re.fullmatch(r"batch 1/9  loss \d\.\d{4}  accuracy \d\.\d{4}  [\d,]+ samples/s", training[0][2])
    assert re.fullmatch(r"batch 2/9  \d:\d\d left  loss \d.*samples/s", training[1][2])
    validation = [bar for bar in display.bars if "validation" in bar[2]]
    assert validation[:2] == [
        ("epoch 1/3", 1 / 3, "validation, batch 1/2"),
        ("epoch 1/3", 1 / 3, "validation, batch 2/2"),
    ]
    assert len(validation) == 6
    assert display.closed == 1


def test_figures_of_the_bar_are_the_means_of_the_epoch() -> None:
    t, display = watched()
    history = t.fit(*loaders(), epochs=1)
    last = [text for _, _, text in display.bars if "loss" in text][-1]
    assert f"loss {history.last['loss']:.4f}  accuracy {history.last['accuracy']:.4f}" in last


def test_a_row_for_each_epoch() -> None:
    t, display = watched()
    history = t.fit(*loaders(), epochs=2)
    assert display.lines[0].split() == ["epoch", "loss", "val_loss", "accuracy", "val_accuracy", "time"]
    assert len(display.lines) == 3
    for line, epoch in zip(display.lines[1:], history.epochs, strict=True):
        number, *figures, seconds, unit = line.split()
        assert number == f"{epoch['epoch']}"
        assert figures == [short(epoch[name]) for name in ("loss", "val_loss", "accuracy", "val_accuracy")]
        assert (seconds, unit) == (f"{epoch['seconds']:.1f}", "s")
        assert len(line) == len(display.lines[0])


def test_rows_that_are_too_wide_stand_in_two_lines() -> None:
    figures = {"epoch": 12, "step": 9, "seconds": 61.25, "lr": 0.1, "loss": 1e-5, "left/accuracy": 0.5}
    figures |= {"val_loss": float("nan"), "val_left/accuracy": 0.25}
    rows = Rows()
    assert rows.of(figures, 50) == [
        "epoch                  loss  left/accuracy      time",
        "   12  training    1.00e-05         0.5000    61.2 s",
        "       validation       nan         0.2500",
    ]
    assert len(rows.of(figures, 50)) == 2
    assert len(Rows().of(figures, 100)) == 2
    del figures["val_loss"], figures["val_left/accuracy"]
    assert len(rows.of(figures, 50)) == 2
    assert len(rows.of(figures, 50)) == 1


def test_figures_of_one_side_alone() -> None:
    figures = {"epoch": 1, "seconds": 0.0, "loss": 0.5, "val_f1": 0.25}
    assert Rows().of(figures, 100) == ["epoch      loss    val_f1      time", "    1    0.5000    0.2500     0.0 s"]
    assert Rows().of(figures, 20) == [
        "epoch                  loss        f1      time",
        "    1  training      0.5000               0.0 s",
        "       validation              0.2500",
    ]


def test_lines_every_so_many_batches() -> None:
    """With the means since the line before; also when several batches make an update."""
    t, display = watched(progress=None, log_every=4, accumulate=3, callbacks=[])
    t.fit(loaders()[0], epochs=2)
    logged = [line for line in display.lines if "batch" in line]
    assert [line[:21].strip() for line in logged] == [
        "epoch 1/2  batch 6/9", "epoch 1/2  batch 9/9", "epoch 2/2  batch 6/9", "epoch 2/2  batch 9/9",
    ]  # fmt: skip
    losses = [step["loss"] for step in t.history.steps]
    expected = [np.mean(losses[:2]), losses[2], np.mean(losses[3:5]), losses[5]]
    assert [f"loss {loss:.4f}" in line for loss, line in zip(expected, logged, strict=True)] == [True] * 4


def test_an_epoch_of_unknown_length_has_no_share_until_it_is_over() -> None:
    class Unknown:
        def __iter__(self) -> Any:
            return iter(list(loaders()[0]))

    t, display = watched(callbacks=[])
    t.fit(Unknown(), epochs=2)
    assert [share for _, share, _ in display.bars[:9]] == [None] * 9
    assert display.bars[0][2].startswith("batch 1  loss")
    np.testing.assert_allclose([share for _, share, _ in display.bars[9:]], np.arange(10, 19) / 18)  # type: ignore[arg-type]


def test_what_is_told_about_a_resumption_and_a_stop() -> None:
    t, display = watched(callbacks=[EarlyStopping("loss", patience=1, min_delta=100)])
    t.fit(loaders()[0], epochs=5)
    assert display.lines[-1].startswith("stopped: loss has not been better than")
    t.fit(loaders()[0], epochs=5)
    assert "going on in epoch 3/5 after 18 steps" in display.lines
    t.fit(loaders()[0], epochs=1)
    assert display.lines[-1] == "3 of 1 epochs are done already"


def test_evaluating_has_a_bar_of_its_own() -> None:
    t, display = watched()
    t.evaluate(loaders()[1])
    t.predict(np.zeros((600, 2), np.float32))
    assert display.bars[:2] == [("evaluating", 0.5, "batch 1/2"), ("evaluating", 1.0, "batch 2/2")]
    assert display.bars[-1] == ("evaluating", 1.0, "batch 3/3")
    assert display.closed == 2
    assert display.lines == []


def test_when_there_is_progress(capsys: pytest.CaptureFixture[str]) -> None:
    """Into a file or a pipe only if it is asked for; and never twice."""
    assert trainer().progress is None
    assert trainer(progress=False, log_every=3).progress is None
    assert trainer(log_every=3).progress is not None
    own = Progress()
    assert trainer(progress=True, callbacks=[own]).progress is None
    trainer().fit(*loaders())
    assert capsys.readouterr().err == ""
    trainer(callbacks=[own]).fit(*loaders())
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in lines] == ["epoch", "1"]
    with pytest.raises(ValueError, match="log_every must be at least 1, got 0"):
        trainer(log_every=0)


def test_numbers_as_people_read_them() -> None:
    assert [short(value) for value in (0.0, 0.98765, 12.5, -3e-4, 5e4, float("inf"))] == [
        "0.0000", "0.9877", "12.5000", "-3.00e-04", "5.00e+04", "inf",
    ]  # fmt: skip
    assert [duration(seconds) for seconds in (0.4, 59.7, 61, 3599.6, 7325)] == [
        "0:00",
        "1:00",
        "1:01",
        "1:00:00",
        "2:02:05",
    ]


def test_the_clock_leaves_out_the_first_step(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([100.0, 102.0, 104.0])
    monkeypatch.setattr("time.perf_counter", lambda: next(times))
    clock = Clock()
    clock.note(1)
    assert clock.left(10) is None
    clock.note(2)
    clock.note(3)
    assert clock.left(10) == pytest.approx(14.0)
