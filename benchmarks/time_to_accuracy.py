"""The group `time_to_accuracy`: seconds of training until 99 % of MNIST's test images are known, in fresh processes."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.cnn import LAYOUTS
from benchmarks.figures import MEDIAN, Row, Samples, Table, comparison
from benchmarks.fresh import python
from benchmarks.groups import Settings
from benchmarks.samples import quartiles
from benchmarks.training import TOLERANCE

TARGET = 0.99
ROUNDS = 3
OURS = "tapegrad"
MUST_REACH = 0.5  # of the faster layout
SECONDS = 10.0

Report = Mapping[str, Any]


def measure(settings: Settings) -> list[Table]:
    """Weights and order are another seed's in each round, and the same for both; our kernels lie in a filled cache.

    PyTorch has the layout that was the faster one in the runs up to the first look at the test images. Those are
    not counted: files are read in them, and the cache is filled.
    """
    with TemporaryDirectory() as cache:
        first = {library: learning(library, settings.seed, 0.0, cache) for library in (OURS, *LAYOUTS)}
        peer = min(LAYOUTS, key=lambda layout: float(first[layout]["seconds"]))
        seeds = range(settings.seed, settings.seed + min(ROUNDS, settings.rounds))
        rounds = [one_round((OURS, peer), seed, cache) for seed in seeds]
    samples = {name: np.array([reports[name]["seconds"] for reports in rounds]) for name in (OURS, peer)}
    return [beside(peer, samples), alone(samples[OURS])]


def one_round(libraries: Sequence[str], seed: int, cache: str) -> dict[str, Report]:
    """The reports of two libraries by name, in shuffled turns.

    Raises:
        ArithmeticError: their losses in the first steps differ.
    """
    turns = random.Random(seed).sample(libraries, len(libraries))
    reports = {library: learning(library, seed, TARGET, cache) for library in turns}
    ours, theirs = (reports[library]["losses"] for library in libraries)
    if not np.allclose(ours, theirs, rtol=TOLERANCE, atol=0):
        raise ArithmeticError(f"{libraries[0]} computes something else: losses {ours}, {libraries[1]} has {theirs}")
    return reports


def learning(library: str, seed: int, target: float, cache: str) -> Report:
    """What `benchmarks.learning` tells of a fresh process."""
    program = ("-m", "benchmarks.learning", library, str(seed), str(target))
    report: Report = json.loads(python(*program, environment={"TAPEGRAD_CACHE_DIR": cache}))
    return report


def beside(peer: str, samples: Samples) -> Table:
    """Our median by the peer's."""
    return comparison(
        f"Training CNN 1-16-32-128 to {TARGET:.0%} of MNIST's test images",
        samples,
        unit="s",
        scale=1.0,
        must_reach={peer: MUST_REACH},
        label=f"training to {TARGET:.0%}",
    )


def alone(seconds: NDArray[np.float64]) -> Table:
    """Our median by itself."""
    row = Row(OURS, {MEDIAN: quartiles(seconds)}, SECONDS)
    return Table("The same, s", (MEDIAN,), MEDIAN, (row,))
