"""The group `mlp`: one SGD step of the network 784-256-128-10 with ReLU and softmax cross-entropy, in float32."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks import mlp_network, mlp_numpy_trainers as on_numpy, trainers as frameworks
from benchmarks.figures import Table, comparison
from benchmarks.groups import Settings
from benchmarks.timing import interleave
from benchmarks.training import Problem, Trainer, candidates

MUST_REACH = {32: {"PyTorch eager": 0.65, "JAX jit": 1.0}, 128: {"PyTorch eager": 0.75, "JAX jit": 1.2}}
LIBRARIES: dict[str, Callable[[Problem], Trainer]] = {
    "tapegrad": frameworks.tapegrad,
    "NumPy by hand": on_numpy.by_hand,
    "PyTorch eager": frameworks.pytorch,
    "JAX jit": partial(frameworks.jax_jit, scores_of=mlp_network.jax_scores),
    "MyGrad": on_numpy.mygrad,
    "HIPS autograd": on_numpy.hips_autograd,
}
COMPILED = {"PyTorch compiled": partial(frameworks.pytorch, compiled=True)}


def measure(settings: Settings) -> list[Table]:
    """One table a batch size; nothing is timed before the losses of all libraries agree."""
    return [measure_batch(batch, settings) for batch in MUST_REACH]


def measure_batch(batch: int, settings: Settings) -> Table:
    """The step at one batch size."""
    problem = mlp_network.draw(batch, settings.seed)
    libraries = LIBRARIES | (COMPILED if settings.compile else {})
    trainers = {name: library(problem) for name, library in libraries.items()}
    return comparison(
        f"One training step, MLP 784-256-128-10, batch {batch}",
        interleave(candidates(trainers, reference="NumPy by hand"), rounds=settings.rounds, seed=settings.seed),
        unit="µs",
        scale=1e6,
        must_reach=MUST_REACH[batch],
        label=f"MLP step, batch {batch}",
    )
