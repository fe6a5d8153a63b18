"""What a model got right: functions of outputs and targets, over one batch or a whole data set.

A metric for `Trainer` is any function (outputs, targets) -> mean over samples; those with a formula that is no mean,
such as F1, belong to a whole data set: collect `confusion_matrix` and ask that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...autograd.errors import ShapeError
from ...autograd.tensor import Tensor
from ..functional.reductions import values

__all__ = ["Report", "accuracy", "calibration_error", "confusion_matrix", "report", "top_k"]


def accuracy(scores: ArrayLike | Tensor, labels: ArrayLike | Tensor) -> float:
    """The share of samples whose largest score is that of their label: (N, C), (N,)."""
    x, y = _checked("accuracy", scores, labels)
    return float(np.mean(x.argmax(axis=1) == y))


def top_k(scores: ArrayLike | Tensor, labels: ArrayLike | Tensor, k: int = 5) -> float:
    """The share of samples whose label is among their k largest scores: (N, C), (N,).

    Raises:
        ValueError: k is not in 1 to C, or there is no sample.
        ShapeError: other shapes.
    """
    x, y = _checked("top_k", scores, labels)
    if not 1 <= k <= x.shape[1]:
        raise ValueError(f"top_k: k must lie in 1 to {x.shape[1]}, the number of classes; got {k}")
    best = np.argsort(-x, axis=1, kind="stable")[:, :k]  # of equal scores the first class counts, as in argmax
    return float(np.mean((best == y[:, None]).any(axis=1)))


def confusion_matrix(
    predicted: ArrayLike | Tensor, labels: ArrayLike | Tensor, classes: int | None = None
) -> NDArray[np.int64]:
    """How often each class (row) was taken for each class (column).

    Args:
        predicted: classes (N,), or scores (N, C).
        labels: true classes (N,).
        classes: how many there are; None for as many as are seen.

    Raises:
        ShapeError: other shapes.
        ValueError: a class outside [0, classes).
    """
    p, y = values(predicted), values(labels)
    if p.ndim == 2:
        classes = p.shape[1] if classes is None else classes
        p = p.argmax(axis=1)
    if p.shape != y.shape or p.ndim != 1:
        raise ShapeError(f"confusion_matrix: expected predictions and labels (N,), got {p.shape} and {y.shape}")
    count = int(max(p.max(initial=-1), y.max(initial=-1)) + 1) if classes is None else classes
    if p.size and (min(p.min(), y.min()) < 0 or max(p.max(), y.max()) >= count):
        raise ValueError(f"confusion_matrix: a class is outside [0, {count})")
    return np.bincount(y * count + p, minlength=count * count).reshape(count, count)


@dataclass(frozen=True)
class Report:
    """Precision, recall and F1 of each class, and how many samples it has; NaN where there is nothing to divide by."""

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]
    support: NDArray[np.int64]
    accuracy: float

    def __str__(self) -> str:
        lines = [f"{'class':>8} {'precision':>10} {'recall':>10} {'F1':>10} {'samples':>10}"]
        for i, row in enumerate(zip(self.precision, self.recall, self.f1, self.support, strict=True)):
            lines.append(f"{i:>8} {row[0]:>10.4f} {row[1]:>10.4f} {row[2]:>10.4f} {row[3]:>10,}")
        lines.append(f"{'accuracy':>8} {self.accuracy:>10.4f} {'':>21} {self.support.sum():>10,}")
        return "\n".join(lines)


def report(confusion: NDArray[np.int64]) -> Report:
    """Precision tp / (tp + fp), recall tp / (tp + fn) and F1 = 2 tp / (2 tp + fp + fn) of each class.

    Raises:
        ShapeError: not a square matrix.
    """
    if confusion.ndim != 2 or confusion.shape[0] != confusion.shape[1]:
        raise ShapeError(f"report: expected a square confusion matrix, got shape {confusion.shape}")
    right, predicted, support = np.diag(confusion), confusion.sum(axis=0), confusion.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return Report(
            right / predicted,
            right / support,
            2 * right / (predicted + support),
            support,
            float(right.sum() / confusion.sum()),
        )


def calibration_error(probabilities: ArrayLike | Tensor, labels: ArrayLike | Tensor, bins: int = 15) -> float:
    """Expected calibration error: Σ share of a bin · |accuracy - mean confidence in it|, over equal bins of confidence.

    Args:
        probabilities: (N, C), rows that add up to 1.
        labels: (N,).
        bins: how many, over 0 to 1.

    Guo et al., On Calibration of Modern Neural Networks, 2017.

    Raises:
        ValueError: rows that are no probabilities, or bins < 1.
    """
    x, y = _checked("calibration_error", probabilities, labels)
    if bins < 1:
        raise ValueError(f"calibration_error: bins must be at least 1, got {bins}")
    if (x < 0).any() or not np.allclose(x.sum(axis=1), 1, atol=1e-3):
        raise ValueError("calibration_error: expected rows of probabilities that add up to 1; are these logits?")
    confidence, right = x.max(axis=1), x.argmax(axis=1) == y
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.abs(np.bincount(place, right, bins) - np.bincount(place, confidence, bins))
    return float(gaps.sum() / len(y))


def _checked(name: str, scores: Any, labels: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    x, y = values(scores), values(labels)
    if x.ndim != 2 or y.shape != x.shape[:1]:
        raise ShapeError(f"{name}: expected scores (N, C) and labels (N,), got {x.shape} and {y.shape}")
    if not len(y):
        raise ValueError(f"{name}: there are no samples")
    return x, y
