"""The training problem that every library gets: the same starting weights, the same batches, the same optimizer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.timing import nothing

SIZES = (784, 256, 128, 10)
LEARNING_RATE = 0.01
MOMENTUM = 0.9
BATCHES = 8

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Problem:
    """Starting weights (in, out) and biases (out,) by layer; batches of images (N, 784) and labels (N,)."""

    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    batches: tuple[tuple[Floats, Labels], ...]

    def parameters(self) -> list[Floats]:
        """Fresh copies: weight, bias, weight, bias, ..."""
        return [array.copy() for layer in zip(self.weights, self.biases, strict=True) for array in layer]


def draw(batch: int, seed: int) -> Problem:
    """Weights of scale 1/sqrt(in), as PyTorch's default has them; images and labels at random."""
    rng = np.random.default_rng(seed)

    def uniform(inputs: int, *shape: int) -> Floats:
        return rng.uniform(-(inputs**-0.5), inputs**-0.5, shape).astype(np.float32)

    layers = list(pairwise(SIZES))
    return Problem(
        weights=tuple(uniform(inputs, inputs, outputs) for inputs, outputs in layers),
        biases=tuple(uniform(inputs, outputs) for inputs, outputs in layers),
        batches=tuple(
            (rng.standard_normal((batch, SIZES[0]), dtype=np.float32), rng.integers(SIZES[-1], size=batch))
            for _ in range(BATCHES)
        ),
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
