"""The images that were misclassified, as one picture; the page has them one by one."""

from __future__ import annotations

import math

import numpy as np

from examples.mnist.report.pictures.picture import Picture
from examples.mnist.report.predictions import Predictions
from examples.mnist.report.theme import INK, figure, svg

__all__ = ["mistakes"]

MOST, COLUMNS = 40, 8
BETWEEN, BELOW = 0.12, 0.35  # an image's width, and the line of text in heights of an image


def mistakes(predictions: Predictions) -> Picture | None:
    """The mistakes of which the model was surest, with label, prediction and probability; None if there are none."""
    chosen = predictions.mistakes[:MOST]
    if not len(chosen):
        return None
    height, width = predictions.images.shape[1:]
    across, down = width + round(BETWEEN * width), height + round(BELOW * height)
    rows, columns = math.ceil(len(chosen) / COLUMNS), min(COLUMNS, len(chosen))
    sheet = np.full((rows * down, columns * across), np.nan, np.float32)
    with figure(0.8 * columns + 0.2, 0.8 * rows * down / across + 0.2) as (drawn, axes):
        for place, i in enumerate(chosen):
            top, left = place // COLUMNS * down, place % COLUMNS * across
            sheet[top : top + height, left : left + width] = predictions.images[i]
            label, predicted = (predictions.name(each[i]) for each in (predictions.labels, predictions.predicted))
            said = f"{label} → {predicted}  {100 * predictions.confidence[i]:.0f} %"
            axes.text(left + width / 2, top + height, said, ha="center", va="top", size=7.5, color=INK)
        axes.imshow(sheet, cmap="gray", vmin=0, vmax=1, interpolation="none")
        axes.set_axis_off()
        caption = f"Label, prediction and its probability; the {len(chosen)} mistakes of which the model was surest."
        return Picture("mistakes", "Misclassified", caption, svg(drawn))
