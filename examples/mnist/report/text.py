"""The evaluation as plain text."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from examples.mnist.report.evaluation import Evaluation, Head

__all__ = ["as_text", "matrix"]


def as_text(evaluation: Evaluation) -> str:
    """Figures, a table of the classes and the confusion matrix, of each head."""
    return "\n".join(_lines(evaluation))


def _lines(evaluation: Evaluation) -> Iterator[str]:
    yield f"{evaluation.name} on {evaluation.data}, {evaluation.parameters:,} parameters"
    if evaluation.warning:
        yield evaluation.warning
    if len(evaluation.heads) > 1:
        yield f"every head right: {100 * evaluation.all_right:.2f} % of the images"
    for head in evaluation.heads:
        yield ""
        yield from _head(head)


def _head(head: Head) -> Iterator[str]:
    measures, name = head.measures, head.predictions.head
    low, high = measures.interval
    yield (
        f"{f'{name}: ' if name else ''}accuracy {100 * measures.accuracy:.2f} % ({100 * low:.2f} to {100 * high:.2f} % "
        f"with 95 % confidence), {measures.mistakes:,} of {measures.images:,} images wrong"
    )
    yield f"loss {measures.loss:.4f}, calibration error {100 * measures.calibration_error:.2f} %"
    if head.predictions.names != tuple("0123456789") and head.predictions.names:
        yield "classes: " + ", ".join(f"{i} {name}" for i, name in enumerate(head.predictions.names))
    yield f"\n{measures.by_class}"
    yield f"\nconfusion matrix: labels in rows, predictions in columns\n{matrix(measures.confusion)}"


def matrix(confusion: NDArray[np.int64]) -> str:
    """A confusion matrix as text; a dot where nothing is."""
    width = max(5, len(str(confusion.max())) + 2)
    classes = range(len(confusion))
    rows = ["".join(f"{cell:>{width}}" for cell in ("", *classes))]
    rows += [f"{row:>{width}}" + "".join(f"{n or '·':>{width}}" for n in confusion[row].tolist()) for row in classes]
    return "\n".join(rows)
