"""A training problem that every library gets: the same starting weights, the same batches, the same optimizer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.timing import Candidate, nothing

LEARNING_RATE = 0.01
MOMENTUM = 0.9  # as PyTorch has it: v <- 0.9 v + g, then p <- p - lr v
BATCHES = 8
CLASSES = 10
CHECKED_STEPS = 3
TOLERANCE = 1e-4

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Problem:
    """A network, where it starts, and batches of images (N, ...) and labels (N,).

    `network` makes it of a library's `nn`, with PyTorch's names. `start` is weight, bias, weight, bias, ...; weights
    (in, out) of dense layers and (out, in, kh, kw) of convolutions.
    """

    network: Callable[[Any], Any]
    start: tuple[Floats, ...]
    batches: tuple[tuple[Floats, Labels], ...]

    def parameters(self) -> list[Floats]:
        """Fresh copies of the start."""
        return [array.copy() for array in self.start]

    def module_parameters(self) -> list[Floats]:
        """The same with dense weights (out, in), as `nn.Linear` keeps them."""
        return [np.ascontiguousarray(array.T) if array.ndim == 2 else array.copy() for array in self.start]


def uniform(rng: np.random.Generator, inputs: int, shape: tuple[int, ...]) -> Floats:
    """Parameters of scale 1/sqrt(inputs), as PyTorch's default has them."""
    return rng.uniform(-(inputs**-0.5), inputs**-0.5, shape).astype(np.float32)


def draw_batches(rng: np.random.Generator, batch: int, image: tuple[int, ...]) -> tuple[tuple[Floats, Labels], ...]:
    """Images and labels at random."""
    return tuple(
        (rng.standard_normal((batch, *image), dtype=np.float32), rng.integers(CLASSES, size=batch))
        for _ in range(BATCHES)
    )


@dataclass(frozen=True)
class Trainer:
    """One library at work: `step` trains on the next batch and gives the loss before it, as a scalar with `.item()`.

    `restart` brings back the starting weights, no momentum and the first batch: every turn trains the same steps.
    `finish` waits for the parameters, where a library computes in the background.
    """

    step: Callable[[], Any]
    restart: Callable[[], object]
    finish: Callable[[], object] = nothing


class Feed:
    """The batches of a library, in its own tensors, round and round."""

    def __init__(self, batches: list[tuple[Any, Any]]) -> None:
        self.batches = batches
        self.restart()

    def restart(self) -> None:
        """Begin with the first batch again."""
        self.endless: Iterator[tuple[Any, Any]] = cycle(self.batches)

    def __next__(self) -> tuple[Any, Any]:
        """The next images and labels."""
        return next(self.endless)


def candidates(trainers: Mapping[str, Trainer], reference: str) -> list[Candidate]:
    """What is to be timed; raises unless all have the same loss before and after each of the first steps."""
    losses = {name: first_losses(trainer) for name, trainer in trainers.items()}
    for name, found in losses.items():
        if not np.allclose(found, losses[reference], rtol=TOLERANCE, atol=0):
            raise ArithmeticError(
                f"{name} computes something else: losses {found}, {reference} has {losses[reference]}"
            )
    return [Candidate(name, trainer.step, trainer.restart, trainer.finish) for name, trainer in trainers.items()]


def first_losses(trainer: Trainer) -> list[float]:
    """The losses of the first steps, and the one that they lead to."""
    trainer.restart()
    return [float(trainer.step().item()) for _ in range(CHECKED_STEPS + 1)]
