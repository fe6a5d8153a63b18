"""The group `imports`: whole fresh processes that import tapegrad, or NumPy and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial

from benchmarks.figures import Row, Table, comparison
from benchmarks.groups import Settings
from benchmarks.timing import Candidate, interleave

MUST_REACH = {"import numpy": 1.5}
KEPT_OUT = ("numba", "scipy", "matplotlib", "graphviz")


def measure(settings: Settings) -> list[Table]:
    """The time of the processes, and the libraries that `import tapegrad` must leave alone."""
    ours = "import tapegrad"
    candidates = [Candidate(line, partial(python, line)) for line in (ours, *MUST_REACH, "pass")]
    return [
        comparison(
            "Import, in a fresh process (`pass`: Python itself)",
            interleave(candidates, rounds=settings.rounds, seed=settings.seed),
            unit="ms",
            per_second=1e3,
            must_reach=MUST_REACH,
            ours=ours,
        ),
        loaded(),
    ]


def loaded() -> Table:
    """Which of the libraries to be kept out came along: 1 for a library that was loaded."""
    found = python("import sys, tapegrad; print(*sys.modules)").split()
    rows = tuple(Row(name, {"loaded": float(name in found)}, must_reach=0) for name in KEPT_OUT)
    return Table(f"`import tapegrad` loads {len(found)} modules", ("loaded",), "loaded", rows)


def python(program: str) -> str:
    """What a fresh interpreter prints; `-P` keeps the working folder, with its `autograd/`, off its path.

    It may keep the bytecode that it compiles, as an installation does: NumPy's was kept when it was installed.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-P", "-c", program]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
