"""Probabilities from a model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import tapegrad as tg
from tapegrad import nn
from tapegrad.nn import functional as F

__all__ = ["classify"]


def classify(model: nn.Module, images: Any) -> NDArray[np.float64]:
    """The probability of each class, in evaluation mode and without a graph: (N, C, H, W) -> (heads, N, classes).

    In float64: of small probabilities float32 would tell less than the reader is shown.
    """
    training = model.training
    model.eval()
    with tg.no_grad():
        outputs = model(tg.tensor(images, copy=None))
    model.train(training)
    heads = outputs if isinstance(outputs, tuple) else (outputs,)
    return np.stack([F.softmax(logits.numpy().astype(np.float64), 1) for logits in heads])
