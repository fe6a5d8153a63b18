"""Whether the first weights know nothing: then the loss is ln 10 for ten classes."""

from __future__ import annotations

import math

from examples.mnist.diagnosis.finding import Finding
from examples.mnist.diagnosis.problem import Problem
from tapegrad import no_grad
from tapegrad.nn import functional as F

__all__ = ["check_initial_loss"]

IMAGES = 512
FAR = 0.4  # from ln 10: about what a deviation of 1 among the logits adds


def check_initial_loss(problem: Problem) -> Finding:
    """The mean cross-entropy before training: -ln(1 / classes) where every class is as likely."""
    batch = problem.batch(IMAGES)
    with no_grad():
        heads = problem.logits(problem.fresh().eval(), batch)
        losses = [F.cross_entropy(*each).item() for each in zip(heads, batch.labels, strict=True)]
    expected = math.log(len(problem.data.classes))
    worst = max(losses, key=lambda loss: abs(loss - expected) if math.isfinite(loss) else math.inf)
    says = f"{worst:.3f}; a model that knows nothing has ln {len(problem.data.classes)} = {expected:.3f}"
    if abs(worst - expected) <= FAR:
        return Finding("initial loss", says)
    if worst < expected:
        advice = "the model knows something already: is the data set sorted, or the label in the image?"
    else:
        advice = "the first weights are too large: try --init he_normal, or xavier_uniform with sigmoid and tanh"
    return Finding("initial loss", says, advice)
