"""The group `cnn`: one SGD step of two convolutional networks, softmax cross-entropy, batch 128, in float32."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks import trainers as frameworks
from benchmarks.cnn_networks import NETWORKS
from benchmarks.figures import Samples, Table, best, comparison
from benchmarks.groups import Settings
from benchmarks.timing import interleave
from benchmarks.training import Problem, Trainer, candidates

Libraries = dict[str, Callable[[Problem], Trainer]]
BATCH = 128
OURS: Libraries = {"tapegrad": frameworks.tapegrad}
LAYOUTS: Libraries = {
    "PyTorch NCHW": frameworks.pytorch,
    "PyTorch channels-last": partial(frameworks.pytorch, channels_last=True),
}
COMPILED: Libraries = {"PyTorch compiled": partial(frameworks.pytorch, compiled=True)}
MUST_REACH = 0.5  # of the faster layout


def measure(settings: Settings) -> list[Table]:
    """One table a network; nothing is timed before the losses of all libraries agree."""
    return [measure_network(name, settings) for name in NETWORKS]


def measure_network(name: str, settings: Settings) -> Table:
    """The step of one network."""
    network = NETWORKS[name]
    libraries = OURS | LAYOUTS | {"JAX jit": partial(frameworks.jax_jit, scores_of=network.jax_scores)}
    if settings.compile:
        libraries |= COMPILED
    samples = time_step(libraries, network.draw(BATCH, settings.seed), settings.with_rounds(1 / 2))
    return comparison(
        f"One training step, {name}, batch {BATCH}",
        samples,
        unit="ms",
        scale=1e3,
        must_reach={best(samples, tuple(LAYOUTS)): MUST_REACH},
        label=f"{name} step, batch {BATCH}",
    )


def time_step(libraries: Libraries, problem: Problem, settings: Settings) -> Samples:
    """Seconds a step by library."""
    trainers = {name: library(problem) for name, library in libraries.items()}
    ready = candidates(trainers, reference="PyTorch NCHW")
    return interleave(ready, rounds=settings.rounds, seed=settings.seed)
