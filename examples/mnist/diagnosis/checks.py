"""All checks, in the order in which their answers help."""

from __future__ import annotations

from collections.abc import Iterator

from examples.mnist.diagnosis.activity import check_activity
from examples.mnist.diagnosis.data import check_data
from examples.mnist.diagnosis.finding import Finding
from examples.mnist.diagnosis.gradients import check_gradients
from examples.mnist.diagnosis.initial_loss import check_initial_loss
from examples.mnist.diagnosis.memory import check_memory
from examples.mnist.diagnosis.overfitting import check_overfitting
from examples.mnist.diagnosis.problem import Problem

__all__ = ["checks"]


def checks(problem: Problem) -> Iterator[Finding]:
    """What is found, check by check, cheapest first; without the learning rates, whose test is plotted too."""
    for check in (
        check_data, check_memory, check_initial_loss, check_activity, check_gradients, check_overfitting,
    ):  # fmt: skip
        yield check(problem)
