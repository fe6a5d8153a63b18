"""Whether of the images with 80 % confidence 80 % are right."""

from __future__ import annotations

import numpy as np

from examples.mnist.report.measures import Measures
from examples.mnist.report.pictures.picture import Picture
from examples.mnist.report.predictions import Predictions
from examples.mnist.report.theme import PALE, RIGHT, figure, svg

__all__ = ["reliability"]

BINS = 10


def reliability(predictions: Predictions, measures: Measures) -> Picture:
    """Accuracy over confidence, in equal bins; the diagonal is what probabilities mean. (Guo et al., 2017)"""
    sure, right = predictions.confidence, predictions.right
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    counts = np.bincount(place, minlength=BINS)
    filled = np.flatnonzero(counts)
    accuracy = np.bincount(place, right, BINS)[filled] / counts[filled]
    confidence = np.bincount(place, sure, BINS)[filled] / counts[filled]
    with figure() as (drawn, axes):
        axes.plot([0, 1], [0, 1], "--", color=PALE, linewidth=1.2, label="as sure as right")
        axes.bar((filled + 0.5) / BINS, accuracy, 0.92 / BINS, color=RIGHT, alpha=0.3, linewidth=0)
        axes.plot(confidence, accuracy, "o-", color=RIGHT, markersize=5, label="measured")
        for bin in filled:
            axes.text((bin + 0.5) / BINS, 0.02, f"{counts[bin]:,}", ha="center", color=PALE, size=8)
        axes.set(xlabel="probability of the predicted class", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1.05))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
        caption = (
            "Above the dashed line the model is better than it believes, below it is too sure. At the foot: how many "
            f"images. Expected calibration error: {100 * measures.calibration_error:.2f} %."
        )
        return Picture("reliability", "Reliability", caption, svg(drawn))
