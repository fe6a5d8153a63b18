"""An exponential moving average of a model's weights, which often is better than the weights themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..module import Module

__all__ = ["ExponentialMovingAverage"]


class ExponentialMovingAverage:
    """average = decay · average + (1 - decay) · weights after each update, for parameters and floating buffers.

    Args:
        model: whose state is averaged.
        decay: in [0, 1). At first a smaller one is used, (1 + n) / (10 + n) after n updates, so that the random start
            is soon forgotten, as in TensorFlow.

    Raises:
        ValueError: decay is not in [0, 1).
    """

    def __init__(self, model: Module, decay: float = 0.999) -> None:
        if not 0 <= decay < 1:
            raise ValueError(f"ExponentialMovingAverage: decay must lie in [0, 1), got {decay}")
        self.model = model
        self.decay = decay
        self.reset()

    def reset(self) -> None:
        """Begin again with the model's state as it is now."""
        self.updates = 0
        self.average = {name: array.copy() for name, array in self.model.state_dict().items()}

    def update(self) -> None:
        """Take in the model's state as it is now."""
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for name, value in self.model.state_dict().items():
            mean = self.average[name]
            if mean.dtype.kind in "fc":
                mean += (1 - decay) * (value - mean)
            else:
                mean[...] = value

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Inside the context the model has the averaged weights, afterwards its own again."""
        own = self.model.state_dict()
        self.model.load_state_dict(self.average)
        try:
            yield
        finally:
            self.model.load_state_dict(own)

    def state_dict(self) -> dict[str, Any]:
        """The average, and how many updates went into it."""
        return {"updates": self.updates, "average": dict(self.average)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        average: dict[str, NDArray[Any]] = state["average"]
        self.updates = state["updates"]
        self.average = {name: np.array(array) for name, array in average.items()}
