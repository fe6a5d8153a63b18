"""An evaluation: all that the page, the JSON and the text are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from examples.mnist.report import pictures
from examples.mnist.report.measures import Measures, measure
from examples.mnist.report.pictures import Picture
from examples.mnist.report.predictions import Predictions, predict
from tapegrad import nn
from tapegrad.nn.training import History

__all__ = ["Evaluation", "Head"]


@dataclass(frozen=True)
class Head:
    """One output of the model: predictions, the figures computed from them, and the pictures of both."""

    predictions: Predictions
    measures: Measures
    pictures: Mapping[str, Picture]


class Evaluation:
    """What is to be told about a model.

    Args:
        name: the model's.
        model: itself.
        history: of its training; may be empty.
        data: the name of the data set.
        batches: the test set: images as the model is given them, then labels for each head.
        shape: (channels, height, width) of an image.
        heads: the names of the model's outputs, if there are several.
        names: those of the classes.
        facts: further things to tell, by name.
        warning: what a reader must know first.

    Attributes:
        heads: what was found out about each.
        summary: of the model, called with one image.
        training: pictures of the training.
        inside: pictures of the model.
        notes: why a picture is missing.
    """

    def __init__(
        self,
        name: str,
        model: nn.Module,
        history: History,
        data: str,
        batches: Iterable[tuple[Any, ...]],
        shape: tuple[int, ...],
        heads: Sequence[str] = (),
        names: Sequence[str] = (),
        facts: Mapping[str, str] | None = None,
        warning: str | None = None,
    ) -> None:
        self.name = name
        self.data = data
        self.facts = dict(facts or {})
        self.warning = warning
        self.summary = model.summary((1, *shape))
        self.parameters = self.summary.total_parameters
        self.heads = [_head(predictions) for predictions in predict(model, batches, heads, names)]
        self.training = pictures.curves(history)
        drawn = (pictures.filters(model, shape), pictures.graph(model, shape))
        self.inside = [picture for picture in drawn if isinstance(picture, Picture)]
        self.notes = [note for note in drawn if isinstance(note, str)]

    @cached_property
    def all_right(self) -> float:
        """The share of images of which every head is right."""
        return float(np.mean(np.all([head.predictions.right for head in self.heads], axis=0)))

    def to_json(self) -> dict[str, Any]:
        """All figures, for machines."""
        return {
            "model": self.name,
            "data": self.data,
            "parameters": self.parameters,
            "facts": self.facts,
            "warning": self.warning,
            "accuracy": self.all_right,
            "heads": [
                {
                    "head": head.predictions.head or None,
                    **head.measures.to_json(),
                    "names": [head.predictions.name(i) for i in range(head.predictions.classes)],
                    "misclassified": _mistakes(head),
                }
                for head in self.heads
            ],
        }


def _head(predictions: Predictions) -> Head:
    measures = measure(predictions)
    drawn = (
        pictures.confusion(predictions, measures),
        pictures.confidence(predictions),
        pictures.reliability(predictions, measures),
        pictures.mistakes(predictions),
    )
    return Head(predictions, measures, {picture.name: picture for picture in drawn if picture is not None})


def _mistakes(head: Head) -> list[dict[str, Any]]:
    said = head.predictions
    return [
        {
            "image": int(i),
            "label": int(said.labels[i]),
            "predicted": int(said.predicted[i]),
            "probability": float(said.confidence[i]),
            "probability_of_label": float(said.probabilities[i, said.labels[i]]),
        }
        for i in said.mistakes
    ]
