"""One update of the weights: gradients of one batch or of several, clipped, given to the optimizer."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray

from ...autograd.tensor import Tensor
from ..module import Module
from ..optim import Optimizer
from .averaging import ExponentialMovingAverage
from .checking import parted
from .clipping import clip_grad_norm_, clip_grad_value_
from .divergence import DivergedError, first_nonfinite, nonfinite_gradient
from .means import Means
from .objective import Objective

__all__ = ["Updater"]


class Updater:
    """What `Trainer` does with a group of batches; its arguments are described there."""

    def __init__(
        self,
        model: Module,
        optimizer: Optimizer,
        objective: Objective,
        average: ExponentialMovingAverage | None,
        *,
        clip_norm: float | None,
        clip_value: float | None,
        nonfinite: str,
    ) -> None:
        if nonfinite not in ("stop", "skip"):
            raise ValueError(f"Trainer: nonfinite must be 'stop' or 'skip', got {nonfinite!r}")
        self.model = model
        self.optimizer = optimizer
        self.objective = objective
        self.average = average
        self.clip_norm = clip_norm
        self.clip_value = clip_value
        self.nonfinite = nonfinite
        self.buffers = list(model.buffers())

    def update(self, group: list[tuple[Any, ...]], where: str) -> Means:
        """Update the weights by the mean gradient of some batches; the figures of those that were not skipped.

        Raises:
            DivergedError: a loss or a gradient is not finite, and that is not to be skipped.
        """
        means = Means()
        self.optimizer.zero_grad()
        at_first = self._buffered()
        for inputs, targets in map(parted, group):
            before = self._buffered()
            loss, figures = self.objective(self.model(Tensor(inputs, copy=None)), targets)
            if math.isfinite(figures["loss"]):
                (loss if len(group) == 1 else loss / len(group)).backward()
                means.add(figures, len(inputs))
            elif self.nonfinite == "skip":
                self._put_back(before)
            else:
                reason = first_nonfinite(self.model, inputs)
                raise self._diverged(f"the loss is {figures['loss']}", where, reason, at_first)
        if not means.samples:
            return means
        worst = nonfinite_gradient(self.model, self.optimizer.params)
        if worst is None:
            self._apply()
        elif self.nonfinite == "skip":
            self._put_back(at_first)
            return Means()
        else:
            raise self._diverged(worst, where, "detect_anomaly() names the operation", at_first)
        return means

    def _diverged(self, what: str, where: str, reason: str, buffers: list[NDArray[Any]]) -> DivergedError:
        """The error to raise, after buffers have become what they were."""
        self._put_back(buffers)
        return DivergedError(
            f"{what} in {where}; {reason}; the weights are those before this step. "
            f"A learning rate below {self.optimizer.lr:g}, clip_norm= or nonfinite='skip' may help"
        )

    def _apply(self) -> None:
        """Clip the gradients, and let optimizer and average have them."""
        if self.clip_value is not None:
            clip_grad_value_(self.optimizer.params, self.clip_value)
        if self.clip_norm is not None:
            clip_grad_norm_(self.optimizer.params, self.clip_norm)
        self.optimizer.step()
        if self.average is not None:
            self.average.update()

    def _buffered(self) -> list[NDArray[Any]]:
        """What the model's buffers hold: running statistics would keep what is not finite for ever."""
        return [buffer.numpy() for buffer in self.buffers]

    def _put_back(self, values: list[NDArray[Any]]) -> None:
        for buffer, array in zip(self.buffers, values, strict=True):
            buffer.data = array
