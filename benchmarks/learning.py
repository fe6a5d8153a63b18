"""A program: train a small convolutional network on MNIST until it knows a share of the test images; what that took.

    python -m benchmarks.learning tapegrad 0 0.99        from the weights and in the order of seed 0, to 99 %

The group `time_to_accuracy` starts it in fresh processes.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tapegrad as tg
from benchmarks.cnn_networks import Network
from benchmarks.peers import load
from benchmarks.training import CHECKED_STEPS, Floats, Labels
from tapegrad import datasets, nn

NETWORK = Network(channels=(1, 16, 32), pooled=(True, True), dense=(800, 128, 10))
BATCH, EPOCHS, RATE = 128, 3, 0.006
LOOKS = 6  # how often the test images are asked for, in all epochs
TESTED = 1000  # images in a batch of them

Images = tuple[Floats, Labels]
"""Standardised images (N, 1, 28, 28), and their labels (N,)."""


@dataclass(frozen=True)
class Library:
    """What is written differently from library to library; all else has the same names.

    `model`, `images` and `tensor` bring a model, a batch, and any array to where the library wants them.
    """

    nn: Any
    optim: Any
    no_grad: Callable[[], AbstractContextManager[Any]]
    model: Callable[[Any], Any]
    images: Callable[[Floats], Any]
    tensor: Callable[[NDArray[Any]], Any]


@dataclass(frozen=True)
class Report:
    """The losses of the first steps; seconds and steps until the test accuracy was enough, and that accuracy."""

    losses: list[float]
    seconds: float
    steps: int
    accuracy: float


def tapegrad() -> Library:
    """Ours."""
    return Library(
        nn, nn.optim, tg.no_grad,
        model=lambda model: model,
        images=lambda images: tg.Tensor(images, copy=None),
        tensor=lambda array: array,
    )  # fmt: skip


def pytorch(layout: str) -> Library:
    """PyTorch, eager, with images and weights in one of its layouts."""
    torch = load("torch")
    memory = getattr(torch, layout)
    return Library(
        torch.nn, torch.optim, torch.no_grad,
        model=lambda model: model.to(memory_format=memory),
        images=lambda images: torch.from_numpy(images).contiguous(memory_format=memory),
        tensor=torch.from_numpy,
    )  # fmt: skip


LIBRARIES: dict[str, Callable[[], Library]] = {
    "tapegrad": tapegrad,
    "PyTorch NCHW": lambda: pytorch("contiguous_format"),
    "PyTorch channels-last": lambda: pytorch("channels_last"),
}


def mnist(train: bool) -> Images:
    """MNIST's training or test images, as arrays in memory."""
    images, labels = datasets.MNIST(train)[:]
    return (images - np.float32(datasets.MNIST.mean)) / np.float32(datasets.MNIST.std), labels


def learn(library: Library, train: Images, test: Images, seed: int, target: float) -> Report:
    """Train with Adam on one cycle of learning rates; the clock runs from before the first step through every test.

    Raises:
        ArithmeticError: the test accuracy is still less than the target at the end.
    """
    model = library.model(NETWORK.layers(library.nn))
    start = map(library.tensor, NETWORK.draw(1, seed).module_parameters())
    model.load_state_dict(dict(zip(model.state_dict(), start, strict=True)))
    batches = list(rows_of_batches(len(train[1]), seed))
    loss_of = library.nn.CrossEntropyLoss()
    optimizer = library.optim.Adam(model.parameters(), lr=RATE)
    # One more than there are: a schedule goes on after the last step too.
    schedule = library.optim.lr_scheduler.OneCycleLR(optimizer, RATE, len(batches) + 1, cycle_momentum=False)
    losses: list[float] = []
    found = 0.0
    started = time.perf_counter()
    for step, rows in enumerate(batches, start=1):
        loss = loss_of(model(library.images(train[0][rows])), library.tensor(train[1][rows]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step <= CHECKED_STEPS + 1:
            losses.append(loss.item())
        if step * LOOKS % len(batches) < LOOKS:
            found = accuracy(library, model, test)
            if found >= target:
                return Report(losses, time.perf_counter() - started, step, found)
    raise ArithmeticError(f"the test accuracy is {found:.2%} after {len(batches)} steps; it should be {target:.2%}")


def rows_of_batches(images: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """All images in a new order each epoch, without those that fill no batch."""
    rng = np.random.default_rng(seed)
    for _ in range(EPOCHS):
        order = rng.permutation(images)
        yield from order[: images // BATCH * BATCH].reshape(-1, BATCH)


def accuracy(library: Library, model: Any, test: Images) -> float:
    """The share of the test images that the model knows."""
    images, labels = test
    model.eval()
    with library.no_grad():
        right = sum(
            int((model(library.images(images[first : first + TESTED])).numpy().argmax(1) == expected).sum())
            for first in range(0, len(labels), TESTED)
            for expected in [labels[first : first + TESTED]]
        )
    model.train()
    return right / len(labels)


def main(library: str, seed: str, target: str) -> None:
    """Print the report of a library, as JSON."""
    report = learn(LIBRARIES[library](), mnist(True), mnist(False), int(seed), float(target))
    print(json.dumps(asdict(report)))


if __name__ == "__main__":
    main(*sys.argv[1:])
