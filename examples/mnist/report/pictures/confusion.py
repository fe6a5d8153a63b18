"""The confusion matrix: what was taken for what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from examples.mnist.report.measures import Measures
from examples.mnist.report.pictures.picture import Picture
from examples.mnist.report.predictions import Predictions
from examples.mnist.report.theme import CONTRAST, INK, RIGHT, WRONG, figure, svg

__all__ = ["confusion"]

SHORT = 2  # letters of a name that has room below a column


def confusion(predictions: Predictions, measures: Measures) -> Picture:
    """Labels in rows, predictions in columns; mistakes are the darker, the more there are of them."""
    matrix = measures.confusion
    classes = len(matrix)
    errors = matrix - np.diag(np.diag(matrix))
    with figure(5.2, 5.2) as (drawn, axes):
        for (row, column), count in np.ndenumerate(matrix):
            right = row == column
            share = 0.85 if right else 0.1 + 0.75 * count / max(errors.max(), 1)
            if count:
                square = (column - 0.46, row - 0.46), 0.92, 0.92
                axes.add_patch(_rectangle(*square, RIGHT if right else WRONG, share))
            colour = CONTRAST if count and share > 0.75 else INK
            axes.text(column, row, str(count) if count else "·", ha="center", va="center", color=colour, size=9)
        axes.set(xlim=(-0.5, classes - 0.5), ylim=(classes - 0.5, -0.5), xticks=range(classes), yticks=range(classes))
        names = [predictions.name(i) for i in range(classes)]
        axes.set_xticklabels(names, rotation=45 if max(map(len, names)) > SHORT else 0)
        axes.set_yticklabels(names)
        axes.set(xlabel="predicted", ylabel="label", aspect="equal")
        axes.grid(False)
        axes.spines[:].set_visible(False)
        return Picture("confusion", "Confusion matrix", _caption(predictions, errors), svg(drawn))


def _rectangle(corner: tuple[float, float], width: float, height: float, colour: str, share: float) -> object:
    from matplotlib.patches import Rectangle

    return Rectangle(corner, width, height, facecolor=colour, alpha=share, linewidth=0)


def _caption(predictions: Predictions, errors: NDArray[np.int64]) -> str:
    if not errors.any():
        return "Rows are labels, columns predictions. There is no mistake."
    row, column = np.unravel_index(errors.argmax(), errors.shape)
    times = "once" if errors.max() == 1 else f"{errors.max()} times"
    return (
        "Rows are labels, columns predictions; right ones lie on the diagonal. "
        f"The most frequent mistake: {predictions.name(row)} was taken for {predictions.name(column)}, {times}."
    )
