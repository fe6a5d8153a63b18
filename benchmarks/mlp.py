"""The group `mlp`: one SGD step of the network 784-256-128-10 with ReLU and softmax cross-entropy, in float32."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from benchmarks import mlp_numpy_trainers as on_numpy, mlp_trainers as frameworks
from benchmarks.figures import Table, comparison
from benchmarks.groups import Settings
from benchmarks.mlp_problem import Problem, Trainer, draw
from benchmarks.timing import Candidate, interleave

MUST_REACH = {32: {"PyTorch eager": 0.75}, 128: {"PyTorch eager": 0.9}}
LIBRARIES: dict[str, Callable[[Problem], Trainer]] = {
    "tapegrad": frameworks.tapegrad,
    "NumPy by hand": on_numpy.by_hand,
    "PyTorch eager": frameworks.pytorch,
    "JAX jit": frameworks.jax_jit,
    "MyGrad": on_numpy.mygrad,
    "HIPS autograd": on_numpy.hips_autograd,
}
COMPILED = {"PyTorch compiled": frameworks.pytorch_compiled}
CHECKED_STEPS = 3
TOLERANCE = 1e-4


def measure(settings: Settings) -> list[Table]:
    """One table a batch size; nothing is timed before the losses of all libraries agree."""
    return [measure_batch(batch, settings) for batch in MUST_REACH]


def measure_batch(batch: int, settings: Settings) -> Table:
    """The step at one batch size."""
    problem = draw(batch, settings.seed)
    libraries = LIBRARIES | (COMPILED if settings.compile else {})
    trainers = {name: library(problem) for name, library in libraries.items()}
    check(trainers)
    candidates = [Candidate(name, trainer.step, trainer.restart, trainer.finish) for name, trainer in trainers.items()]
    return comparison(
        f"One training step, MLP 784-256-128-10, batch {batch}",
        interleave(candidates, rounds=settings.rounds, seed=settings.seed),
        unit="µs",
        per_second=1e6,
        must_reach=MUST_REACH[batch],
    )


def check(trainers: Mapping[str, Trainer]) -> None:
    """Raise unless all libraries have the same loss before and after each of the first steps, from the same start."""
    losses = {name: first_losses(trainer) for name, trainer in trainers.items()}
    expected = losses["NumPy by hand"]
    for name, found in losses.items():
        if not np.allclose(found, expected, rtol=TOLERANCE, atol=0):
            raise ArithmeticError(f"{name} computes something else: losses {found}, by hand {expected}")


def first_losses(trainer: Trainer) -> list[float]:
    """The losses of the first steps, and the one that they lead to."""
    trainer.restart()
    return [float(trainer.step().item()) for _ in range(CHECKED_STEPS + 1)]
