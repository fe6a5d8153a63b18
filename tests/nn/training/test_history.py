"""History: a table of figures."""

from __future__ import annotations

import csv
import math

import pytest

from tapegrad.nn.training import History
from tapegrad.nn.training.means import Means


def test_csv_has_a_row_for_each_epoch() -> None:
    epochs = [{"epoch": 1, "loss": 0.1 + 0.2}, {"epoch": 2, "loss": math.nan, "val_loss": 1e-12}]
    rows = list(csv.DictReader(History(epochs).to_csv().splitlines()))
    assert [row["val_loss"] for row in rows] == ["", "1e-12"]
    assert float(rows[0]["loss"]) == 0.1 + 0.2
    assert math.isnan(float(rows[1]["loss"]))
    assert History().to_csv() == "\n"


def test_what_it_looks_like_is_short() -> None:
    steps = [{"step": i, "lr": 0.1, "loss": 1.0} for i in range(9_999)]
    epochs: list[dict[str, float]] = [{"epoch": 1, "step": 9_999, "lr": 0.1, "loss": 1 / 3}]
    assert repr(History(epochs, steps)) == "<History: epochs 1, updates 9999; lr 0.1, loss 0.333333>"
    assert repr(History()) == "<History: epochs 0, updates 0>"


def test_means_of_batches_of_different_sizes() -> None:
    means = Means()
    means.add({"loss": 1.0}, 3)
    before = means.copy()
    means.add({"loss": 5.0, "hit": 1.0}, 1)
    means.add({"loss": 2.0, "hit": 0.0}, 3)
    assert means.means()["loss"] == pytest.approx((3 + 5 + 6) / 7)
    assert before.means() == {"loss": 1.0}
    assert means.since(before) == {"loss": pytest.approx(11 / 4), "hit": pytest.approx(0.25)}
    assert Means().means() == {}
