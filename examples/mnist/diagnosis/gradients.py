"""Whether the gradient reaches every layer."""

from __future__ import annotations

import numpy as np

from examples.mnist.diagnosis.finding import Finding
from examples.mnist.diagnosis.problem import Batch, Problem
from tapegrad import nn

__all__ = ["check_gradients", "gradient_sizes"]

IMAGES = 128
SMALL, LARGE = 1e-3, 1e2  # of the size in the last layer


def check_gradients(problem: Problem) -> Finding:
    """The gradient's root mean square in each layer's weights, beside that in the last layer."""
    model = problem.trained or problem.fresh()
    sizes = gradient_sizes(problem, model, problem.batch(IMAGES))
    details = tuple(f"{name}: {size:.2e}" for name, size in sizes.items())
    last = list(sizes.values())[-1]
    least, most = min(sizes, key=lambda name: sizes[name]), max(sizes, key=lambda name: sizes[name])
    says = f"between {sizes[least]:.1e} ({least}) and {sizes[most]:.1e} ({most}), as root mean square"
    if not all(np.isfinite(size) for size in sizes.values()):
        advice = "gradients are not finite: lower --lr, set --clip-norm 1, or find the operation with detect_anomaly()"
    elif sizes[least] < SMALL * last:
        advice = f"hardly any gradient reaches {least}: --activation relu, --batch-norm, or --init he_normal"
    elif sizes[most] > LARGE * last:
        advice = f"the gradient of {most} is very large: set --clip-norm 1, try --batch-norm, or another --init"
    else:
        return Finding("gradients", says, None, details)
    return Finding("gradients", says, advice, details)


def gradient_sizes(problem: Problem, model: nn.Module, batch: Batch) -> dict[str, float]:
    """The root mean square of the loss's gradient in every parameter with more than one axis, in order."""
    training, state = model.training, model.state_dict()
    model.train().zero_grad()
    problem.loss(model, batch).backward()
    model.train(training).load_state_dict(state)  # batch norm has taken notice of the batch
    sizes = {
        name: float(np.sqrt(np.mean(parameter.grad.numpy() ** 2)))
        for name, parameter in model.named_parameters()
        if parameter.ndim > 1 and parameter.grad is not None
    }
    model.zero_grad()
    return sizes
