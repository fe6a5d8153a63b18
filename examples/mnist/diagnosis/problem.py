"""What the checks look at: settings, data, and models made as the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tapegrad as tg
from examples.mnist.building import build
from examples.mnist.choices import LOSSES
from examples.mnist.data import Data
from examples.mnist.settings import Settings
from tapegrad import nn

__all__ = ["Batch", "Problem"]


@dataclass(frozen=True)
class Batch:
    """Images as the model is given them, (N, C, H, W), and labels for each head, (N,)."""

    images: NDArray[np.float32]
    labels: tuple[NDArray[np.int64], ...]


@dataclass(frozen=True)
class Problem:
    """A training that is to be checked.

    Attributes:
        settings: how the model is made and trained.
        data: on what.
        trained: a model that was trained so; None before the training.
    """

    settings: Settings
    data: Data
    trained: nn.Module | None = None

    def fresh(self) -> nn.Module:
        """A model with the weights that the training begins with."""
        return build(self.settings)

    def batch(self, size: int, number: int = 0) -> Batch:
        """The first training images, or the next as many; from the beginning again after the last."""
        rows = np.arange(number * size, (number + 1) * size) % len(self.data.train)
        images, *labels = self.data.train[rows]
        return Batch(images, tuple(labels))

    def logits(self, model: nn.Module, batch: Batch) -> tuple[tg.Tensor, ...]:
        """What each head says: (N, classes) each."""
        outputs: Any = model(tg.tensor(batch.images, copy=None))
        return outputs if isinstance(outputs, tuple) else (outputs,)

    def loss(self, model: nn.Module, batch: Batch) -> tg.Tensor:
        """The loss that the training makes small, added up over the heads."""
        loss = LOSSES[self.settings.loss](self.settings)
        first, *others = (
            loss(logits, labels) for logits, labels in zip(self.logits(model, batch), batch.labels, strict=True)
        )
        return sum(others, start=first)
