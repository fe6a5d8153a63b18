"""What a model says about a data set, kept for everything that is computed and drawn from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from examples.mnist.classifying import classify
from tapegrad import nn
from tapegrad.nn.training import DivergedError

__all__ = ["Predictions", "predict"]


@dataclass(frozen=True)
class Predictions:
    """The predictions of one head.

    Attributes:
        head: its name; "" for a model that has only one.
        images: (N, H, W), from 0 for paper to 1 for ink.
        labels: true classes (N,).
        probabilities: (N, classes), each row of which adds up to 1.
        names: of the classes; their numbers if there are none.
    """

    head: str
    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    names: tuple[str, ...] = ()

    @property
    def classes(self) -> int:
        """How many classes there are."""
        count: int = self.probabilities.shape[1]
        return count

    def name(self, class_: int | np.integer[Any]) -> str:
        """What a class is called."""
        return self.names[class_] if self.names else str(class_)

    @cached_property
    def predicted(self) -> NDArray[np.int64]:
        """The likeliest class of each image, (N,)."""
        likeliest: NDArray[np.int64] = self.probabilities.argmax(axis=1)
        return likeliest

    @cached_property
    def confidence(self) -> NDArray[np.float64]:
        """Its probability, (N,)."""
        most: NDArray[np.float64] = self.probabilities.max(axis=1)
        return most

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """Whether it is the label, (N,)."""
        right: NDArray[np.bool_] = self.predicted == self.labels
        return right

    @cached_property
    def mistakes(self) -> NDArray[np.int64]:
        """The images whose prediction is wrong, those first of which the model was surest."""
        wrong = np.flatnonzero(~self.right)
        return wrong[np.argsort(-self.confidence[wrong], kind="stable")]


def predict(
    model: nn.Module, batches: Iterable[tuple[Any, ...]], heads: Sequence[str] = (), names: Sequence[str] = ()
) -> list[Predictions]:
    """Ask a model about batches of (images, labels), with labels for each head.

    Args:
        model: (N, C, H, W) -> logits (N, classes), or a tuple of them, one for each head.
        batches: images as the model is given them; they are scaled to lie between 0 and 1 for showing.
        heads: their names; none for a model that returns one tensor.
        names: those of the classes.

    Raises:
        DivergedError: what the model returns are no numbers.
    """
    images, labels, probabilities = [], [], []
    for inputs, *targets in batches:
        images.append(np.asarray(inputs)[:, 0])
        labels.append(np.stack([np.asarray(target) for target in targets]))  # (heads, N)
        probabilities.append(classify(model, inputs))
    shown = np.concatenate(images)
    shown = (shown - shown.min()) / max(shown.max() - shown.min(), np.float32(1e-6))
    truths, shares = np.concatenate(labels, axis=1), np.concatenate(probabilities, axis=1)
    if not np.isfinite(shares).all():
        raise DivergedError("the model returns NaN: its training diverged. Train it anew, with a lower --lr")
    return [Predictions(head, shown, truths[i], shares[i], tuple(names)) for i, head in enumerate(heads or [""])]
