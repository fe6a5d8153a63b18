"""The group `chain`: do graphs of a million operations live and die, in time linear in their length?"""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray

import tapegrad as tg
from benchmarks.figures import Row, Table
from benchmarks.groups import Settings
from benchmarks.samples import quartiles
from benchmarks.timing import collector_off

LENGTHS = (10_000, 100_000, 1_000_000)
PHASES = ("build", "backward", "release")
ROUNDS = 3
GROWTH = "growth"  # of the phases' sum, from the shortest chain
# Linear time still grows as graphs leave the processor's caches, and a collector that is on passes over the whole graph
# whenever it has grown by a quarter, which adds up to a few passes. A time like n**1.25 would grow by 3.2, n**2 by 100.
MOST_GROWTH = 3.0


def measure(settings: Settings) -> list[Table]:
    """Nanoseconds per operation of each phase and their growth with the length, collector off and on."""
    seconds: dict[tuple[bool, int], list[tuple[float, float, float]]] = defaultdict(list)
    with collector_off():
        gc.freeze()  # what the peers allocated is not to be walked by the collections that our graphs set off
        lifetime(LENGTHS[0])  # untimed: caches and the allocator wake up
        for _ in range(min(ROUNDS, settings.rounds)):
            for collecting, length in product((False, True), LENGTHS):
                if collecting:
                    gc.enable()
                seconds[collecting, length].append(lifetime(length))
                gc.disable()
    return [
        tabulate(f"garbage collector {name}", {length: np.array(seconds[collecting, length]) for length in LENGTHS})
        for name, collecting in (("off", False), ("on", True))
    ]


def tabulate(condition: str, seconds: Mapping[int, NDArray[np.float64]]) -> Table:
    """The table of one condition, from seconds of shape (rounds, phases) by length."""
    by_operation = {length: samples * 1e9 / length for length, samples in seconds.items()}
    sums = {length: float(np.median(samples.sum(axis=1))) for length, samples in by_operation.items()}
    rows = []
    for length, samples in by_operation.items():
        values = {phase: quartiles(column) for phase, column in zip(PHASES, samples.T, strict=True)}
        limit = None if length == LENGTHS[0] else MOST_GROWTH
        rows.append(Row(f"{length:,}", values | {GROWTH: sums[length] / sums[LENGTHS[0]]}, limit))
    return Table(f"Chains by length, {condition}, ns per operation", (*PHASES, GROWTH), GROWTH, tuple(rows))


def lifetime(length: int) -> tuple[float, float, float]:
    """Seconds to build a chain of additions and products on 8 numbers, to walk it backward, and to release it."""
    x = tg.tensor(np.ones(8, np.float32), requires_grad=True)
    step, scale = tg.tensor(np.full(8, 1e-6, np.float32)), tg.tensor(np.ones(8, np.float32))

    started = time.perf_counter()
    y = x
    for _ in range(length // 2):
        y = (y + step) * scale
    loss = y.sum()
    built = time.perf_counter()
    loss.backward(retain_graph=True)
    walked = time.perf_counter()
    del y, loss
    released = time.perf_counter()

    if not np.array_equal(np.asarray(x.grad), np.ones(8)):
        raise ArithmeticError(f"the gradient through {length:,} operations is {x.grad}, expected ones")
    return built - started, walked - built, released - walked
