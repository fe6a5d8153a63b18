"""The one-cycle schedule: up, and far down again, while the momentum goes the other way."""

from __future__ import annotations

import math

from .optimizer import Optimizer
from .schedules import Schedule, require

__all__ = ["OneCycleLR"]


class OneCycleLR(Schedule):
    """Up from max_lr / div_factor to max_lr in the first pct_start of the steps, then down to far below.

    It ends at max_lr / div_factor / final_div_factor. With cycle_momentum, the momentum (SGD) or β₁ (Adam) goes the
    other way, from max_momentum to base_momentum and back. Smith and Topin, Super-Convergence, 2018.

    The cycle has total_steps, or epochs times steps_per_epoch. `step` may be called once more than there are rates,
    after the last update too.

    Raises:
        ValueError: no number of steps, or other options out of range; from `step`: the cycle is over.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float,
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float = 0.85,
        max_momentum: float = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
    ) -> None:
        if total_steps is None:
            if epochs is None or steps_per_epoch is None:
                raise ValueError("OneCycleLR: give total_steps, or epochs and steps_per_epoch")
            total_steps = epochs * steps_per_epoch
        require("OneCycleLR", total_steps >= 1, f"total_steps must be at least 1, got {total_steps}")
        require("OneCycleLR", 0 <= pct_start <= 1, f"pct_start must lie in [0, 1], got {pct_start}")
        known = anneal_strategy in ("cos", "linear")
        require("OneCycleLR", known, f"anneal_strategy must be 'cos' or 'linear', got {anneal_strategy!r}")
        self.max_lr = max_lr
        self.total_steps = total_steps
        self.peak = pct_start * total_steps - 1
        self.between = _cosine if anneal_strategy == "cos" else _line
        self.momenta = (max_momentum, base_momentum) if cycle_momentum else None
        self.start = max_lr / div_factor
        self.end = self.start / final_div_factor
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        return self._along(t, self.start, self.max_lr, self.end)

    def _along(self, t: int, start: float, peak: float, end: float) -> float:
        require("OneCycleLR", t <= self.total_steps, f"the cycle has {self.total_steps} steps, and this is one more")
        if t <= self.peak:
            return self.between(start, peak, t / self.peak if self.peak else 1.0)
        if t >= self.total_steps - 1:
            return end
        return self.between(peak, end, (t - self.peak) / (self.total_steps - 1 - self.peak))

    def _set(self) -> None:
        super()._set()
        if self.momenta is None:
            return
        highest, lowest = self.momenta
        momentum = self._along(self.last_epoch, highest, lowest, highest)
        for group in self.optimizer.param_groups:
            if "betas" in group:
                group["betas"] = (momentum, *group["betas"][1:])
            elif "momentum" in group:
                group["momentum"] = momentum


def _cosine(start: float, end: float, done: float) -> float:
    return end + (start - end) / 2 * (math.cos(math.pi * done) + 1)


def _line(start: float, end: float, done: float) -> float:
    return start + (end - start) * done
