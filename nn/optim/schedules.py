"""Schedules of the learning rate: each is a formula for the factor, or the rate, of step t. PyTorch's names.

A schedule is made for an optimizer, whose rates at that moment are the base rates, and called after each epoch or each
update: `schedule.step()`. The rate is computed from the number of steps, not from the rate before, so nothing drifts.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from .optimizer import Optimizer

__all__ = [
    "ConstantLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "ExponentialLR", "LambdaLR", "LinearLR",
    "MultiStepLR", "PolynomialLR", "Schedule", "SequentialLR", "StepLR",
]  # fmt: skip


class Schedule:
    """The base of schedules.

    Args:
        optimizer: whose rates are set, now and at each step.

    Attributes:
        base_lrs: the rates of the optimizer's groups when the schedule was made.
        last_epoch: how often `step` was called.
    """

    needs_figure = False

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.base_lrs: list[float] = [group["lr"] for group in optimizer.param_groups]
        self.last_epoch = 0
        self._set()

    def rate(self, t: int, base: float) -> float:
        """The learning rate of step t for a base rate; every subclass has its own."""
        raise NotImplementedError

    def step(self) -> None:
        """Go on by one step."""
        self.last_epoch += 1
        self._set()

    def get_last_lr(self) -> list[float]:
        """The rates of the optimizer's groups."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs to go on."""
        return {"base_lrs": list(self.base_lrs), "last_epoch": self.last_epoch}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        self.base_lrs, self.last_epoch = list(state["base_lrs"]), state["last_epoch"]
        self._set()

    def _set(self) -> None:
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = self.rate(self.last_epoch, base)


class LambdaLR(Schedule):
    """base · factor(t), with a function of your own."""

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float]) -> None:
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        return base * self.lr_lambda(t)


class StepLR(Schedule):
    """base · gamma^⌊t / step_size⌋."""

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        require("StepLR", step_size >= 1, f"step_size must be at least 1, got {step_size}")
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        return base * self.gamma ** (t // self.step_size)


class MultiStepLR(Schedule):
    """base · gamma^(how many milestones t has reached)."""

    def __init__(self, optimizer: Optimizer, milestones: Sequence[int], gamma: float = 0.1) -> None:
        self.milestones = sorted(milestones)
        self.gamma = gamma
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        factor: Any = self.gamma ** bisect_right(self.milestones, t)
        return base * float(factor)


class ExponentialLR(Schedule):
    """base · gamma^t."""

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        self.gamma = gamma
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        return base * self.gamma**t


class ConstantLR(Schedule):
    """base · factor for the first total_iters steps, then base."""

    def __init__(self, optimizer: Optimizer, factor: float = 1 / 3, total_iters: int = 5) -> None:
        require("ConstantLR", 0 <= factor <= 1, f"factor must lie in [0, 1], got {factor}")
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        return base * (self.factor if t < self.total_iters else 1)


class LinearLR(Schedule):
    """base times a factor that goes from start_factor to end_factor in total_iters steps: a linear warm-up."""

    def __init__(
        self, optimizer: Optimizer, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5
    ) -> None:
        require("LinearLR", 0 < start_factor <= 1, f"start_factor must lie in (0, 1], got {start_factor}")
        require("LinearLR", 0 <= end_factor <= 1, f"end_factor must lie in [0, 1], got {end_factor}")
        require("LinearLR", total_iters >= 1, f"total_iters must be at least 1, got {total_iters}")
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        done = min(t, self.total_iters) / self.total_iters
        return base * (self.start_factor + (self.end_factor - self.start_factor) * done)


class PolynomialLR(Schedule):
    """base · (1 - t / total_iters)^power, then 0."""

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0) -> None:
        require("PolynomialLR", total_iters >= 1, f"total_iters must be at least 1, got {total_iters}")
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        left: Any = 1 - min(t, self.total_iters) / self.total_iters
        return base * float(left**self.power)


class CosineAnnealingLR(Schedule):
    """eta_min + (base - eta_min) (1 + cos(π t / T_max)) / 2. Loshchilov and Hutter, SGDR, 2017."""

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        require("CosineAnnealingLR", T_max >= 1, f"T_max must be at least 1, got {T_max}")
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * t / self.T_max)) / 2


class CosineAnnealingWarmRestarts(Schedule):
    """Half a cosine down to eta_min in T_0 steps, then again from the base rate, each time T_mult times longer.

    Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017.
    """

    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> None:
        require("CosineAnnealingWarmRestarts", T_0 >= 1, f"T_0 must be at least 1, got {T_0}")
        require("CosineAnnealingWarmRestarts", T_mult >= 1, f"T_mult must be at least 1, got {T_mult}")
        self.T_0 = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        length = self.T_0
        while t >= length:
            t, length = t - length, length * self.T_mult
            if self.T_mult == 1:
                t %= length
        return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * t / length)) / 2


class SequentialLR(Schedule):
    """One schedule after the other: schedules[i] from milestones[i - 1] on, counting from there.

    Raises:
        ValueError: not one milestone less than schedules.
    """

    def __init__(self, optimizer: Optimizer, schedulers: Sequence[Schedule], milestones: Sequence[int]) -> None:
        fits = len(milestones) == len(schedulers) - 1
        require(
            "SequentialLR", fits, f"{len(schedulers)} schedules need {len(schedulers) - 1} milestones, got {milestones}"
        )
        rising = sorted(milestones) == list(milestones)
        require("SequentialLR", rising, f"milestones must rise, got {list(milestones)}")
        self.schedulers = list(schedulers)
        self.milestones = list(milestones)
        self.optimizer = optimizer
        self.base_lrs = schedulers[0].base_lrs
        self.last_epoch = 0
        self._set()

    def rate(self, t: int, base: float) -> float:
        which = bisect_right(self.milestones, t)
        return self.schedulers[which].rate(t - (self.milestones[which - 1] if which else 0), base)


def require(name: str, condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(f"{name}: {message}")
