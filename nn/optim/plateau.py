"""A learning rate that falls when a figure does not become better any more."""

from __future__ import annotations

import math
from typing import Any

from .optimizer import Optimizer

__all__ = ["ReduceLROnPlateau"]


class ReduceLROnPlateau:
    """Multiply the rates by `factor` when a figure has not improved for more than `patience` steps.

    Args:
        optimizer: whose rates are changed.
        mode: "min" if small figures are good, "max" if large ones are.
        factor: below 1.
        patience: steps without an improvement that are accepted.
        threshold: by how much a figure must be better to count; relative, or with threshold_mode="abs" absolute.
        cooldown: steps after a change in which nothing is counted.
        min_lr: where it ends.
        eps: a change of the rate by less than this is not made.

    Raises:
        ValueError: factor >= 1, or an unknown mode.
    """

    needs_figure = True

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float = 0.0,
        eps: float = 1e-8,
    ) -> None:
        if factor >= 1:
            raise ValueError(f"ReduceLROnPlateau: factor must be below 1, got {factor}")
        for name, value, choices in (
            ("mode", mode, ("min", "max")),
            ("threshold_mode", threshold_mode, ("rel", "abs")),
        ):
            if value not in choices:
                raise ValueError(f"ReduceLROnPlateau: {name} must be one of {choices}, got {value!r}")
        self.optimizer = optimizer
        self.mode = mode
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.threshold_mode = threshold_mode
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.eps = eps
        self.best = math.inf if mode == "min" else -math.inf
        self.bad_steps = 0
        self.cooling = 0
        self.last_epoch = 0

    def step(self, figure: float) -> None:
        """Take in the figure of an epoch."""
        self.last_epoch += 1
        figure = float(figure)
        if self._better(figure):
            self.best, self.bad_steps = figure, 0
        else:
            self.bad_steps += 1
        if self.cooling > 0:
            self.cooling, self.bad_steps = self.cooling - 1, 0
        if self.bad_steps > self.patience:
            self.cooling, self.bad_steps = self.cooldown, 0
            for group in self.optimizer.param_groups:
                new = max(group["lr"] * self.factor, self.min_lr)
                if group["lr"] - new > self.eps:
                    group["lr"] = new

    def get_last_lr(self) -> list[float]:
        """The rates of the optimizer's groups."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs to go on; the rates themselves are the optimizer's."""
        return {name: getattr(self, name) for name in ("best", "bad_steps", "cooling", "last_epoch")}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        for name, value in state.items():
            setattr(self, name, value)

    def _better(self, figure: float) -> bool:
        sign = 1 if self.mode == "min" else -1
        margin = abs(self.best) * self.threshold if self.threshold_mode == "rel" else self.threshold
        return sign * figure < sign * self.best - margin if math.isfinite(self.best) else True
