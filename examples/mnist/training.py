"""The training loop: Adam on the cross-entropy, with a learning rate that falls to zero along half a cosine."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import tapegrad as tg
from examples.mnist.data import Data
from tapegrad import nn
from tapegrad.datasets import DataLoader, Dataset
from tapegrad.nn import functional as F

__all__ = ["DivergedError", "Epoch", "Figures", "Settings", "evaluate", "train_epochs"]


class DivergedError(ArithmeticError):
    """The loss is infinite or not a number: from here on every weight would be too."""


@dataclass(frozen=True)
class Settings:
    """What the user can choose about the training."""

    epochs: int
    batch_size: int
    lr: float
    seed: int


@dataclass(frozen=True)
class Figures:
    """A mean loss, and the share of images whose class was found."""

    loss: float
    accuracy: float


@dataclass(frozen=True)
class Epoch:
    """What one epoch did; fewer `images` than there are if it was stopped.

    The training figures are taken in passing: of images as they were moved, and of weights as they were at the time.
    """

    number: int
    images: int
    train: Figures
    validation: Figures
    seconds: float


def train_epochs(
    model: nn.Module,
    data: Data,
    settings: Settings,
    *,
    seen: Callable[[int], None],
    stopped: Callable[[], bool],
) -> Iterator[Epoch]:
    """Train the model, and say after each epoch what it did.

    Args:
        model: changed in place.
        data: what to train on.
        settings: how.
        seen: called after each batch with its number of images.
        stopped: asked before each batch whether to end here.

    Raises:
        DivergedError: the loss of a batch is not finite; the weights are those before it.
    """
    batches = DataLoader(data.train, settings.batch_size, shuffle=True, seed=settings.seed)
    optimizer = nn.optim.Adam(model.parameters(), settings.lr)
    steps = settings.epochs * len(batches)
    for number in range(1, settings.epochs + 1):
        started = time.perf_counter()
        images_seen, total_loss, hits = 0, 0.0, 0
        for images, labels in batches:  # (N, C, H, W), (N,)
            if stopped():
                break
            logits = model(tg.tensor(moved(images, data.shift), copy=None))  # (N, classes)
            loss = F.cross_entropy(logits, labels)
            if not math.isfinite(loss.item()):
                raise DivergedError(
                    f"training diverged: the loss is {loss.item()} in epoch {number}, after {images_seen:,} images; "
                    f"a learning rate below {settings.lr:g} may help"
                )
            optimizer.zero_grad()
            loss.backward()
            optimizer.lr = cosine(settings.lr, optimizer.steps / steps)
            optimizer.step()
            images_seen += len(labels)
            total_loss += loss.item() * len(labels)
            hits += count_hits(logits, labels)
            seen(len(labels))
        if images_seen:
            train = Figures(total_loss / images_seen, hits / images_seen)
            validation = evaluate(model, data.validation)
            yield Epoch(number, images_seen, train, validation, time.perf_counter() - started)
        if stopped():
            return


def evaluate(model: nn.Module, dataset: Dataset) -> Figures:
    """The figures of a model on a data set, in evaluation mode and without a graph."""
    total_loss, hits = 0.0, 0
    model.eval()
    with tg.no_grad():
        for images, labels in DataLoader(dataset, batch_size=1000):
            logits = model(tg.tensor(images, copy=None))
            total_loss += F.cross_entropy(logits, labels, reduction="sum").item()
            hits += count_hits(logits, labels)
    model.train()
    return Figures(total_loss / len(dataset), hits / len(dataset))


def cosine(highest: float, progress: float) -> float:
    """The learning rate when `progress`, from 0 to 1, of the training is done: from the highest down to 0."""
    return highest * (1 + math.cos(math.pi * progress)) / 2


def moved(images: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """A batch (N, C, H, W) moved as a whole by up to `most` pixels each way; what leaves one side enters the other."""
    if most == 0:
        return images
    down, right = nn.generator().integers(-most, most + 1, 2)
    return np.roll(images, (down, right), axis=(2, 3))


def count_hits(logits: tg.Tensor, labels: NDArray[np.int64]) -> int:
    """How many rows of logits (N, classes) are largest at their label (N,)."""
    return int(np.count_nonzero(logits.numpy().argmax(axis=1) == labels))
