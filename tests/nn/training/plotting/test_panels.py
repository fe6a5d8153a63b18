"""What is drawn: which lines, and where their points lie."""

from __future__ import annotations

import math

import numpy as np

from tapegrad.nn.training import History
from tapegrad.nn.training.plotting import panels

from .histories import history


def test_lines_of_updates_and_epochs() -> None:
    loss, accuracy = panels(history(), 100)
    assert (loss.title, accuracy.title) == ("loss", "accuracy")
    updates, training, validation = loss.lines
    assert [line.part for line in loss.lines] == ["each update", "training", "validation"]
    np.testing.assert_array_equal(updates.steps, np.arange(1, 31))
    np.testing.assert_allclose(updates.values, 1 / np.arange(1, 31))
    np.testing.assert_array_equal(training.steps, [5, 15, 25])
    np.testing.assert_array_equal(validation.steps, [10, 20, 30])
    np.testing.assert_allclose(validation.values, [1 / 10, 1 / 20, 1 / 30])


def test_many_updates_are_averaged() -> None:
    (loss, _) = panels(history(1, 10), 4)
    line = loss.lines[0]
    np.testing.assert_allclose(line.steps, [2, 5, 8, 10])
    np.testing.assert_allclose(line.values, [11 / 18, 37 / 180, 191 / 1512, 1 / 10])


def test_heads_share_panels() -> None:
    loss, metrics = panels(history(heads=True), 100)
    assert [line.figure for line in loss.lines[::3]] == ["loss", "a/loss", "b/loss"]
    assert metrics.title == "hit"
    assert [line.figure for line in metrics.lines[::3]] == ["a/hit", "b/hit"]
    assert [metrics.label(line) for line in metrics.lines[1:3]] == ["a training", "a validation"]
    assert [loss.label(line) for line in loss.lines[:4]] == ["training", "training", "validation", "a training"]


def test_several_figures_of_a_head_have_their_names() -> None:
    two = history()
    for step in two.steps:
        step["top 5"] = 1.0
    metrics = panels(two, 9)[1]
    assert metrics.title == "metrics"
    assert [metrics.label(line) for line in metrics.lines] == [
        "accuracy training", "accuracy training", "accuracy validation", "top 5 training",
    ]  # fmt: skip


def test_what_is_not_there_is_not_drawn() -> None:
    assert [line.part for line in panels(history(validation=False), 9)[0].lines] == ["each update", "training"]
    begun = History(steps=[{"step": 1, "lr": 0.1, "loss": 2.0}])
    (panel,) = panels(begun, 9)
    assert [line.part for line in panel.lines] == ["each update"]
    late = history()
    del late.epochs[0]["val_loss"]  # a validation from the second epoch on
    np.testing.assert_array_equal(panels(late, 9)[0].lines[2].steps, [20, 30])
    assert [panel.lines for panel in panels(History(), 9)] == [[]]


def test_a_logarithm_where_a_line_covers_much() -> None:
    assert panels(history(), 100)[0].logarithmic is False
    wide = history(10)
    assert panels(wide, 100)[0].logarithmic is True
    wide.steps[0]["accuracy"] = 1e-6
    assert panels(wide, 100)[1].logarithmic is False
    wide.steps[0]["loss"] = math.inf
    assert panels(wide, 100)[0].logarithmic is True
    wide.steps[1]["loss"] = 0.0
    assert panels(wide, 100)[0].logarithmic is False
