"""Units that say the same whatever they see: rectifiers that are never active, sigmoids that are always saturated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from examples.mnist.diagnosis.finding import Finding
from examples.mnist.diagnosis.problem import Batch, Problem
from tapegrad import nn, no_grad

__all__ = ["check_activity", "dead_units"]

IMAGES = 512
MANY = 0.2  # share of units of a layer
SATURATED = 0.01  # distance from the value that a sigmoid or a tanh never quite reaches

Awake = Callable[[NDArray[np.float32]], NDArray[np.bool_]]
AWAKE: dict[type[nn.Module], Awake] = {
    nn.ReLU: lambda y: y > 0,
    nn.Sigmoid: lambda y: (y > SATURATED) & (y < 1 - SATURATED),
    nn.Tanh: lambda y: np.abs(y) < 1 - SATURATED,
}


def check_activity(problem: Problem) -> Finding:
    """The share of units in each layer that no image of a batch wakes; of the trained model, if there is one."""
    model = problem.trained or problem.fresh()
    shares = dead_units(problem, model, problem.batch(IMAGES))
    when = "after" if problem.trained else "before"
    if not shares:
        return Finding("dead units", "the model has no ReLU, sigmoid or tanh whose units could be dead")
    details = tuple(f"{name}: {100 * share:.0f} %" for name, share in shares.items())
    worst = max(shares, key=lambda name: shares[name])
    says = f"at most {100 * shares[worst]:.0f} % of a layer's units ({when} training)"
    if shares[worst] <= MANY:
        return Finding("dead units", says, None, details)
    advice = "a unit that never changes never learns: a lower --lr, --activation leaky-relu, --batch-norm, --init"
    return Finding("dead units", f"{says}: layer {worst}", advice, details)


def dead_units(problem: Problem, model: nn.Module, batch: Batch) -> dict[str, float]:
    """The share of units that are never awake, for each activation by its name; a channel is one unit."""
    awake: dict[str, NDArray[np.bool_]] = {}

    def watch(name: str, is_awake: Awake) -> Callable[..., None]:
        def hook(_module: Any, _arguments: Any, output: Any) -> None:
            active = is_awake(output.numpy())  # (N, units, ...)
            units = active.any(axis=(0, *range(2, active.ndim)))  # (units,)
            awake[name] = units | awake.get(name, np.zeros_like(units))

        return hook

    handles = [
        module.register_forward_hook(watch(name, AWAKE[type(module)]))
        for name, module in model.named_modules()
        if type(module) in AWAKE
    ]
    training = model.training
    try:
        with no_grad():
            problem.logits(model.eval(), batch)
    finally:
        model.train(training)
        for handle in handles:
            handle.remove()
    return {name: float(1 - units.mean()) for name, units in awake.items()}
