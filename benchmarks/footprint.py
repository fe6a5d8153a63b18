"""The group `footprint`: how much memory training steps take at most, in fresh processes, where Linux tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.cnn import LAYOUTS
from benchmarks.figures import Table, overview
from benchmarks.first_step import rounds_of
from benchmarks.first_steps import BATCH, STATUS, STEPS
from benchmarks.fresh import first_steps
from benchmarks.groups import Settings

NETWORK = "CNN 1-32-64"
ROUNDS = 2
OURS = "tapegrad"
Report = Mapping[str, Any]
READINGS: dict[str, Callable[[Report], float]] = {
    "the steps": lambda report: report["peak"] - report["after"],
    "the steps, and code loaded for them": lambda report: report["peak"] - report["before"],
    "the whole process": lambda report: report["peak"],
}
MUST_REACH = {"the steps": 1.0, "the whole process": 1.0}


def measure(settings: Settings) -> list[Table]:
    """The most that a process holds in its steps: less what a step on one image leaves, less what was before, in all.

    Which is fair is arguable, so all are shown: PyTorch loads its code when it is imported, tapegrad when it is needed.
    """
    if not STATUS.exists():
        return []
    with TemporaryDirectory() as cache:
        first_steps(OURS, NETWORK, 1, cache)  # compilers take memory too
        programs = {OURS: partial(first_steps, OURS, NETWORK, 1, cache)}
        programs |= {peer: partial(first_steps, peer, NETWORK, 1) for peer in LAYOUTS}
        found = rounds_of(programs, min(ROUNDS, settings.rounds), settings.seed)
    cases = {
        name: {library: np.array([read(report) for report in reports]) for library, reports in found.items()}
        for name, read in READINGS.items()
    }
    return [
        overview(
            f"Peak memory of {STEPS} steps of {NETWORK}, batch {BATCH}",
            cases,
            tuple(LAYOUTS),
            unit="MB",
            scale=1e-6,
            must_reach=MUST_REACH,
            label="peak memory",
        )
    ]
