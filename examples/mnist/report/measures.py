"""The figures of a head, computed from its predictions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from examples.mnist.report.predictions import Predictions
from tapegrad.nn.training import Report, calibration_error, confusion_matrix, report

__all__ = ["Measures", "measure", "wilson"]


@dataclass(frozen=True)
class Measures:
    """How good the predictions of a head are.

    Attributes:
        images, mistakes: how many there are.
        accuracy: share of images whose class was found.
        interval: where the accuracy on any number of such images lies, with 95 % confidence.
        loss: mean cross-entropy.
        calibration_error: see `tapegrad.nn.training.calibration_error`.
        confusion: (classes, classes), labels in rows, predictions in columns.
        by_class: precision, recall and F1.
    """

    images: int
    mistakes: int
    accuracy: float
    interval: tuple[float, float]
    loss: float
    calibration_error: float
    confusion: NDArray[np.int64]
    by_class: Report

    def to_json(self) -> dict[str, Any]:
        """All of it; null where there was nothing to divide by."""
        columns = self.by_class.precision, self.by_class.recall, self.by_class.f1, self.by_class.support
        return {
            "images": self.images,
            "mistakes": self.mistakes,
            "accuracy": self.accuracy,
            "accuracy_95": list(self.interval),
            "loss": self.loss,
            "calibration_error": self.calibration_error,
            "confusion": self.confusion.tolist(),
            "classes": [
                {"class": i, **{name: known(value) for name, value in zip(COLUMNS, row, strict=True)}}
                for i, row in enumerate(zip(*columns, strict=True))
            ],
        }


COLUMNS = ("precision", "recall", "f1", "images")


def measure(predictions: Predictions) -> Measures:
    """Compute the figures."""
    images, mistakes = len(predictions.labels), len(predictions.mistakes)
    likelihoods = predictions.probabilities[np.arange(images), predictions.labels]
    confusion = confusion_matrix(predictions.predicted, predictions.labels, predictions.classes)
    return Measures(
        images,
        mistakes,
        1 - mistakes / images,
        wilson(images - mistakes, images),
        float(-np.log(np.maximum(likelihoods, np.finfo(np.float64).tiny)).mean()),
        calibration_error(predictions.probabilities, predictions.labels),
        confusion,
        report(confusion),
    )


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The interval of a share, by default with 95 % confidence: E. B. Wilson, 1927."""
    share, z2 = hits / of, z * z / of
    middle, half = share + z2 / 2, z * math.sqrt(share * (1 - share) / of + z2 / (4 * of))
    return max(0.0, (middle - half) / (1 + z2)), min(1.0, (middle + half) / (1 + z2))


def known(value: Any) -> float | int | None:
    """A number as JSON has it."""
    number: float | int = value.item()
    return number if math.isfinite(number) else None
