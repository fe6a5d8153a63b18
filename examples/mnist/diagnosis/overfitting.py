"""Whether the model can learn a few images by heart: if not, more of them will not help."""

from __future__ import annotations

import math

import numpy as np

from examples.mnist.diagnosis.finding import Finding
from examples.mnist.diagnosis.problem import Problem
from tapegrad import nn

__all__ = ["check_overfitting", "steps_to_overfit"]

IMAGES, STEPS, LR = 32, 600, 3e-3
CHECK = "overfit one batch"


def check_overfitting(problem: Problem) -> Finding:
    """Train on one batch alone, without dropout, by Adam."""
    steps, loss = steps_to_overfit(problem)
    if steps is not None:
        return Finding(CHECK, f"{IMAGES} images are learnt by heart in {steps} steps (loss {loss:.3f})")
    if not math.isfinite(loss):
        says, advice = "the loss is not finite", "look for it with detect_anomaly(), and try another --init"
    else:
        says = f"{IMAGES} images are not learnt by heart in {STEPS} steps (loss {loss:.3f})"
        advice = (
            "the model, the loss or the labels are at fault, not the number of images: try more --hidden units, "
            "--activation relu, --loss cross-entropy, --init he_normal"
        )
    return Finding(CHECK, says, advice)


def steps_to_overfit(problem: Problem) -> tuple[int | None, float]:
    """After how many steps every image of a batch is right, None for never; and the loss then."""
    model, batch = problem.fresh().train(), problem.batch(IMAGES)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    optimizer = nn.optim.Adam(model.parameters(), LR)
    value = math.nan
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        loss = problem.loss(model, batch)
        loss.backward()
        optimizer.step()
        value = loss.item()
        if not math.isfinite(value):
            break
        heads = problem.logits(model, batch)
        if all(
            np.array_equal(logits.numpy().argmax(axis=1), labels)
            for logits, labels in zip(heads, batch.labels, strict=True)
        ):
            return step, value
    return None, value
