"""The figures, with scikit-learn and SciPy as witnesses."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn import metrics

from examples.mnist.report import Predictions, measure
from examples.mnist.report.measures import wilson


def drawn(classes: int = 5, images: int = 400) -> Predictions:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(images, classes)) * 2
    labels = (logits + rng.normal(size=logits.shape) * 2).argmax(axis=1)
    odds = np.exp(logits)
    return Predictions("", np.zeros((images, 2, 2), np.float32), labels, odds / odds.sum(axis=1, keepdims=True))


def test_against_scikit_learn() -> None:
    said = drawn()
    measures = measure(said)
    by = measures.by_class

    precision, recall, f1, support = metrics.precision_recall_fscore_support(said.labels, said.predicted)
    for ours, theirs in ((by.precision, precision), (by.recall, recall), (by.f1, f1), (by.support, support)):
        np.testing.assert_allclose(ours, theirs)
    np.testing.assert_array_equal(measures.confusion, metrics.confusion_matrix(said.labels, said.predicted))
    assert measures.accuracy == pytest.approx(metrics.accuracy_score(said.labels, said.predicted))
    assert measures.loss == pytest.approx(metrics.log_loss(said.labels, said.probabilities))
    assert measures.mistakes == (said.labels != said.predicted).sum()


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (10, 10), (9900, 10_000), (7, 9)])
def test_the_interval_against_scipy(hits: int, of: int) -> None:
    theirs = binomtest(hits, of).proportion_ci(0.95, "wilson")

    assert wilson(hits, of, 1.959963984540054) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_a_class_that_was_never_predicted_is_null_in_json() -> None:
    said = Predictions("", np.zeros((3, 2, 2), np.float32), np.array([0, 1, 1]), np.array([[0.9, 0.1, 0]] * 3))
    record = json.loads(json.dumps(measure(said).to_json(), allow_nan=False))

    assert record["accuracy"] == pytest.approx(1 / 3)
    assert record["classes"][0] == {"class": 0, "precision": pytest.approx(1 / 3), "recall": 1, "f1": 0.5, "images": 1}
    assert record["classes"][1]["precision"] is None
    assert record["classes"][2] == {"class": 2, "precision": None, "recall": None, "f1": None, "images": 0}
    assert record["confusion"] == [[1, 0, 0], [2, 0, 0], [0, 0, 0]]


def test_certainty_in_the_wrong_class_is_a_large_loss_and_not_an_infinite_one() -> None:
    said = Predictions("", np.zeros((1, 2, 2), np.float32), np.array([1]), np.array([[1.0, 0.0]]))

    assert 700 < measure(said).loss < 710
