"""The group `peak`: how many floating-point operations a second this machine can do at most, in float32."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks import fma
from benchmarks.figures import Row, Table
from benchmarks.groups import Settings
from benchmarks.report import counted
from benchmarks.samples import quartiles
from benchmarks.timing import interleave

RATE, MOST = "median (quartiles)", "maximum"


def measure(settings: Settings) -> list[Table]:
    """One thread, and all of them: what the shares in the other groups are shares of."""
    candidates = [replace(fma.peak(count), name=counted(count, "thread")) for count in sorted({1, settings.threads})]
    samples = interleave(candidates, rounds=settings.rounds, seed=settings.seed)
    rates = {name: fma.FLOP / 1e9 / seconds for name, seconds in samples.items()}
    rows = tuple(Row(name, {RATE: quartiles(rate), MOST: float(np.max(rate))}) for name, rate in rates.items())
    return [Table(f"FMA peak, float32, {fma.LANES} lanes, GFLOP/s", (RATE, MOST), RATE, rows)]
