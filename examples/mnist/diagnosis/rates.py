"""The learning-rate range test: which rates learn, and which are too high.

L. N. Smith, "Cyclical learning rates for training neural networks", 2017: the rate grows from step to step while the
loss is watched. It falls where the rate is useful, and rises where it is too high.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examples.mnist.choices import OPTIMIZERS
from examples.mnist.diagnosis.finding import Finding
from examples.mnist.diagnosis.problem import Problem
from examples.mnist.report.theme import PALE, RIGHT, WRONG, figure, png

__all__ = ["RangeTest", "check_rates", "plot_rates", "range_test"]

LOWEST, HIGHEST, STEPS = 1e-6, 10.0, 140
BATCH = 128
SMOOTHING = 0.85  # of the running mean of the losses
DIVERGED = 3.0  # times the lowest loss
BELOW_THE_BEST = 10  # the rate is suggested at which the loss is lowest, divided by this
TOO_SLOW = 30  # times below what is suggested
BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class RangeTest:
    """Smoothed losses at growing learning rates, until they diverged.

    Attributes:
        rates, losses: one for each step.
    """

    rates: NDArray[np.float64]
    losses: NDArray[np.float64]

    @property
    def lowest(self) -> float:
        """The rate at which the loss was lowest; above it a training does not get on."""
        return float(self.rates[self.losses.argmin()])

    @property
    def suggested(self) -> float:
        """A rate to begin with: a tenth of the lowest, to one digit."""
        return float(f"{self.lowest / BELOW_THE_BEST:.0e}")


def range_test(problem: Problem) -> RangeTest:
    """Train a fresh model with the settings' optimizer, at rates from 1e-6 to 10."""
    model = problem.fresh().train()
    optimizer = OPTIMIZERS[problem.settings.optimizer](model.parameters(), problem.settings)
    rates, losses = np.geomspace(LOWEST, HIGHEST, STEPS), np.empty(STEPS)
    mean = 0.0
    for step, rate in enumerate(rates):
        optimizer.lr = float(rate)
        optimizer.zero_grad()
        with np.errstate(all="ignore"):  # that the loss overflows in the end is what the test is for
            loss = problem.loss(model, problem.batch(BATCH, step))
            loss.backward()
            optimizer.step()
        mean = SMOOTHING * mean + (1 - SMOOTHING) * loss.item()
        losses[step] = mean / (1 - SMOOTHING ** (step + 1))
        if not math.isfinite(mean) or losses[step] > DIVERGED * losses[: step + 1].min():
            return RangeTest(rates[:step], losses[:step])
    return RangeTest(rates, losses)


def check_rates(problem: Problem, test: RangeTest | None = None) -> Finding:
    """Whether the chosen rate is one that learns."""
    test = test or range_test(problem)
    chosen, suggested = problem.settings.lr, test.suggested
    says = f"{chosen:g} is chosen; the loss falls until {test.lowest:.1g}, so {suggested:g} is a good one to begin with"
    details = (f"loss at rates from {test.rates[0]:.0e} to {test.rates[-1]:.1g}: {spark(test.losses)}",)
    advice = None
    if chosen > test.lowest:
        advice = f"the training may diverge: --lr {suggested:g}, or --clip-norm 1"
    elif chosen < suggested / TOO_SLOW:
        advice = f"the training is slower than it need be: --lr {suggested:g}"
    return Finding("learning rate", says, advice, details)


def plot_rates(problem: Problem, test: RangeTest) -> bytes:
    """The content of a PNG file: loss over learning rate, with the rates that are chosen and suggested."""
    with figure(7, 4) as (drawn, axes):
        axes.plot(test.rates, test.losses, color=RIGHT)
        axes.axvline(test.suggested, color=PALE, linestyle="--", label=f"suggested: {test.suggested:g}")
        axes.axvline(problem.settings.lr, color=WRONG, linestyle=":", label=f"chosen: {problem.settings.lr:g}")
        axes.set(xlabel=f"learning rate of {problem.settings.optimizer}", ylabel="loss", xscale="log")
        axes.set_title(f"Learning-rate range test of {problem.settings.model}", loc="left", fontsize=11)
        axes.legend()
        return png(drawn)


def spark(values: NDArray[np.float64], width: int = 48) -> str:
    """Values as a line of bars."""
    few = np.array([part.mean() for part in np.array_split(values, min(width, len(values)))])
    scaled = (few - few.min()) / max(few.max() - few.min(), 1e-12)
    return "".join(BARS[round(share * (len(BARS) - 1))] for share in scaled)
