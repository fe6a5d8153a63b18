"""The group `imports`: whole fresh processes that import tapegrad, or NumPy and nothing else."""

from __future__ import annotations

from functools import partial

from benchmarks.figures import Row, Table, comparison
from benchmarks.fresh import python
from benchmarks.groups import Settings
from benchmarks.timing import Candidate, interleave

MUST_REACH = {"import numpy": 1.5}
KEPT_OUT = ("numba", "scipy", "matplotlib", "graphviz")


def measure(settings: Settings) -> list[Table]:
    """The time of the processes, and the libraries that `import tapegrad` must leave alone."""
    ours = "import tapegrad"
    candidates = [Candidate(line, partial(run, line)) for line in (ours, *MUST_REACH, "pass")]
    return [
        comparison(
            "Import, in a fresh process (`pass`: Python itself)",
            interleave(candidates, rounds=settings.with_rounds(1 / 2).rounds, seed=settings.seed),
            unit="ms",
            scale=1e3,
            must_reach=MUST_REACH,
            ours=ours,
            label="import, in a fresh process",
        ),
        loaded(),
    ]


def loaded() -> Table:
    """Which of the libraries to be kept out came along: 1 for a library that was loaded."""
    found = run("import sys, tapegrad; print(*sys.modules)").split()
    rows = tuple(Row(name, {"loaded": float(name in found)}, must_reach=0) for name in KEPT_OUT)
    return Table(f"`import tapegrad` loads {len(found)} modules", ("loaded",), "loaded", rows)


def run(program: str) -> str:
    """What a program of one line prints; `-P` keeps the working folder, with its `autograd/`, off its path."""
    return python("-P", "-c", program)
