"""What the figures of a training say about it, when it is over."""

from __future__ import annotations

import math

from examples.mnist.diagnosis.finding import Finding
from tapegrad.nn.training import History

__all__ = ["check_outcome"]

POOR, GAP, RISE = 0.97, 0.02, 1.5
CHECK = "accuracy"


def check_outcome(history: History) -> Finding:
    """Whether the model learnt too little, too much by heart, or would learn more in more epochs."""
    losses = history["val_loss"]
    heads = sorted(name.removeprefix("val_") for name in history.last if name.startswith("val_") and "accuracy" in name)
    if not losses or not heads:
        return Finding(CHECK, "there is no whole epoch to judge by", "train for an epoch at least")
    if not all(map(math.isfinite, losses)):
        return Finding(CHECK, "the loss became infinite", "lower --lr, or set --clip-norm 1")
    name = min(heads, key=lambda head: history.last[f"val_{head}"])
    training, validation = history.last[name], history.last[f"val_{name}"]
    says = f"{100 * training:.2f} % on training images, {100 * validation:.2f} % on validation images"
    best = min(range(len(losses)), key=losses.__getitem__)
    if training - validation > GAP:
        advice = "the model learnt images by heart: --augment shift, --dropout 0.3, or --weight-decay 1e-4"
    elif validation < POOR and best == len(losses) - 1:
        advice = "it still learns: more --epochs, a higher --lr (see the learning rates below), or a larger --model"
    elif validation < POOR:
        advice = (
            "the model is too small or its learning rate too high: --model cnn, more --hidden units, or a lower --lr"
        )
    elif losses[-1] > RISE * losses[best]:
        advice = f"the loss was best in epoch {best + 1} and rose since: --early-stopping 3, or fewer --epochs"
    else:
        return Finding(CHECK, says)
    return Finding(CHECK, says, advice)
