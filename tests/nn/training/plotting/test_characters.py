"""Curves as characters: the dots of Braille are where the curve is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tapegrad.nn.training import History
from tapegrad.nn.training.plotting import Chart, charts

from .histories import history


def dots(chart: Chart) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """A chart's dots by Unicode's table: dots 1 to 3 and 7 go down on the left, 4 to 6 and 8 on the right."""
    rows = [line.partition("▕")[2] for line in str(chart).splitlines() if "▕" in line]
    found = np.zeros((4 * len(rows), 2 * len(rows[0])), bool)
    for i, row in enumerate(rows):
        for j, character in enumerate(row):
            for bit, (down, right) in enumerate([(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 0), (3, 1)]):
                found[4 * i + down, 2 * j + right] = (ord(character) - 0x2800) >> bit & 1
    return found


def test_a_straight_line_is_a_diagonal() -> None:
    straight = History(steps=[{"step": i, "lr": 0.1, "loss": 10.0 - i} for i in range(1, 9)])
    (chart,) = charts(straight, 60)
    text = str(chart).splitlines()
    assert text[0] == "   loss  ━ training "
    assert text[1].startswith(" 9.0000 ▕")
    assert text[8].startswith(" 2.0000 ▕")
    assert text[9].split() == ["1", "8", "updates"]
    assert {len(line) for line in text[1:]} == {58}
    found = dots(chart)
    assert found.any(axis=0).all()  # no gap
    heights = np.array([np.flatnonzero(column).mean() for column in found.T])
    np.testing.assert_allclose(heights, np.linspace(0, 31, found.shape[1]), atol=2.5)


def test_steep_curves_have_no_gaps() -> None:
    saw = History(steps=[{"step": i, "lr": 0.1, "loss": float(i % 2)} for i in range(200)])
    found = dots(charts(saw, 60)[0])
    assert (found.sum(axis=0) >= 1).all()
    rows = found.any(axis=1)
    assert rows.all()


def test_two_panels_side_by_side_with_their_colours() -> None:
    loss, accuracy = charts(history(), 100)
    assert [len(line) for line in str(loss).splitlines()[1:]] == [48] * 9
    assert "━ training ━ validation" in str(accuracy).splitlines()[0]
    coloured = {number for _, number in loss.pieces}
    assert coloured == {None, 0, 1}
    assert all("▕" not in text for text, number in loss.pieces if number is not None)


@pytest.mark.parametrize("values", [[0.5, 0.5], [math.nan, math.nan], [math.nan, 1.0, math.inf], [2.0]])
def test_awkward_values(values: list[float]) -> None:
    (chart,) = charts(History(steps=[{"step": i, "lr": 0.1, "loss": v} for i, v in enumerate(values)]), 50)
    assert dots(chart).any() == any(math.isfinite(value) for value in values)
    assert len(str(chart).splitlines()) == 10


def test_heads_are_named() -> None:
    _, metrics = charts(history(heads=True), 200)
    assert str(metrics).splitlines()[0].split("━ ")[1:] == [
        "a training ",
        "a validation ",
        "b training ",
        "b validation ",
    ]
