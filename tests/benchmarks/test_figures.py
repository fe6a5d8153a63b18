"""Medians, ratios, their ranges and the verdicts on them, from samples whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.figures import BEST_RATIO, LEAST, MEDIAN, RATIO, Row, Table, best, comparison, overview
from benchmarks.samples import Interval, quartiles, ratio_of_medians


def test_quartiles() -> None:
    assert quartiles(np.array([5.0, 1.0, 3.0, 2.0, 4.0])) == Interval(3.0, 2.0, 4.0)


def test_the_ratio_is_that_of_the_medians() -> None:
    ours, theirs = np.array([1.0, 100.0, 2.0]), np.array([4.0, 4.0, 0.1])
    assert ratio_of_medians(ours, theirs).value == 0.5


def test_steady_samples_leave_no_doubt() -> None:
    assert ratio_of_medians(np.full(20, 3.0), np.full(20, 4.0)) == Interval(0.75, 0.75, 0.75)


def test_a_drift_that_both_share_leaves_no_doubt() -> None:
    drift = np.linspace(1, 2, 31)
    shared = ratio_of_medians(0.5 * drift, drift)
    assert shared.low == pytest.approx(0.5)
    assert shared.high == pytest.approx(0.5)


def test_the_range_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    held = 0
    for trial in range(200):
        ours, theirs = rng.lognormal(np.log(0.7), 0.1, 40), rng.lognormal(0, 0.1, 40)
        found = ratio_of_medians(ours, theirs, seed=trial)
        held += found.low <= 0.7 <= found.high
    assert 0.88 <= held / 200 <= 1.0


def test_the_range_narrows_with_the_rounds() -> None:
    rng = np.random.default_rng(0)

    def width(rounds: int) -> float:
        found = ratio_of_medians(rng.lognormal(0, 0.1, rounds), rng.lognormal(0, 0.1, rounds))
        return found.high - found.low

    assert width(400) < 0.5 * width(25)


@pytest.mark.parametrize("shapes", [((3,), (4,)), ((0,), (0,)), ((2, 2), (2, 2))])
def test_samples_must_pair_up(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    with pytest.raises(ValueError, match="same shape"):
        ratio_of_medians(np.ones(shapes[0]), np.ones(shapes[1]))


def test_a_comparison_scales_compares_and_judges() -> None:
    samples = {"tapegrad": np.full(5, 2.0), "peer": np.full(5, 4.0), "other": np.full(5, 1.0)}
    table = comparison("Speed", samples, unit="ms", scale=1e3, must_reach={"peer": 0.7, "other": 0.7})
    ours, peer, other = table.rows
    assert table.title == "Speed, ms"
    assert ours.values[MEDIAN] == Interval(2000.0, 2000.0, 2000.0)
    assert ours.values[LEAST] == 2000.0
    assert RATIO not in ours.values
    assert peer.values[RATIO] == Interval(0.5, 0.5, 0.5)
    assert [table.verdict(row) for row in table.rows] == [None, "yes", "no"]
    assert other.values[RATIO] == Interval(2.0, 2.0, 2.0)
    assert [row.against for row in table.rows] == ["", "peer", "other"]


def test_the_best_has_the_smallest_median() -> None:
    samples = {"ours": np.zeros(3), "steady": np.full(3, 2.0), "lucky once": np.array([0.1, 3.0, 3.0])}
    assert best(samples, ("lucky once", "steady")) == "steady"


def test_an_overview_compares_with_the_best_peer_of_each_case() -> None:
    cases = {
        "small": {"tapegrad": np.full(5, 1.0), "one": np.full(5, 2.0), "other": np.full(5, 4.0)},
        "large": {"tapegrad": np.full(5, 6.0), "one": np.full(5, 10.0), "other": np.full(5, 8.0)},
    }
    table = overview("Speed", cases, ("one", "other"), unit="ms", scale=1e3, must_reach={"small": 0.5, "large": 0.5})
    small, large = table.rows
    assert table.columns == ("tapegrad", "one", "other", BEST_RATIO)
    assert small.values == {"tapegrad": 1e3, "one": 2e3, "other": 4e3, BEST_RATIO: Interval(0.5, 0.5, 0.5)}
    assert large.values[BEST_RATIO] == Interval(0.75, 0.75, 0.75)
    assert [row.against for row in table.rows] == ["one", "other"]
    assert [table.verdict(row) for row in table.rows] == ["yes", "no"]


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Interval(0.6, 0.5, 0.7), "yes"),
        (Interval(0.6, 0.5, 0.71), "unclear"),
        (Interval(0.8, 0.69, 0.9), "unclear"),
        (Interval(0.8, 0.71, 0.9), "no"),
        (0.7, "yes"),
        (0.71, "no"),
    ],
)
def test_a_limit_inside_the_noise_is_neither_reached_nor_missed(figure: float | Interval, verdict: str) -> None:
    row = Row("row", {"ratio": figure}, must_reach=0.7)
    assert Table("title", ("ratio",), "ratio", (row,)).verdict(row) == verdict
