"""Interleaved timing: every candidate has a turn in every round, all in one process, each on a quiet machine.

The speed of a shared machine drifts by a factor of two within an hour. Candidates that take turns drift together, so
the ratio of two of them holds still while their times do not. What keeps turns from disturbing each other:

- The order of turns is shuffled in each round.
- The worker threads of a BLAS or an OpenMP pool spin for up to 0.1 s after their last task, on the cores that the next
  candidate needs (measured: 3 to 10 times slower). A turn waits until the process uses no processor time.
- Garbage is collected before a turn and never during one; what was there before the first is frozen out of its sight.
- A turn starts with calls that are not timed: caches, clocks and threads wake up.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TURN_SECONDS = 0.02
QUIET_SECONDS = 0.02  # a thread that spins gets a slice in this time, even where other processes want the core
PATIENCE_SECONDS = 5.0


def nothing() -> None:
    """What a candidate has to prepare that keeps no state, and to finish that computes at once."""


@dataclass(frozen=True)
class Candidate:
    """Something to time: `run` is called many times in a turn.

    `prepare` is called before the turn, untimed; `finish` at its end, timed: it waits for what still computes.
    """

    name: str
    run: Callable[[], object]
    prepare: Callable[[], object] = nothing
    finish: Callable[[], object] = nothing


def interleave(
    candidates: Sequence[Candidate], *, rounds: int, seed: int, turn_seconds: float = TURN_SECONDS
) -> dict[str, NDArray[np.float64]]:
    """Time the candidates in shuffled turns; seconds per call, one number a round, by name: arrays of shape (rounds,).

    A turn is as many calls as filled `turn_seconds` when warming up, at least one, and its number is their mean.
    """
    names = [candidate.name for candidate in candidates]
    if len(set(names)) < len(names):
        raise ValueError(f"expected candidates of different names, got {names}")
    shuffled = random.Random(seed).sample
    with collector_off():
        calls = {candidate.name: calls_in(candidate, turn_seconds) for candidate in candidates}
        gc.freeze()
        times: dict[str, list[float]] = {name: [] for name in names}
        for _ in range(rounds):
            for candidate in shuffled(candidates, len(candidates)):
                times[candidate.name].append(turn(candidate, calls[candidate.name]))
    return {name: np.array(seconds) for name, seconds in times.items()}


def calls_in(candidate: Candidate, seconds: float) -> int:
    """How many calls fill `seconds`, at least one; the first call is not counted, for it may compile."""
    candidate.prepare()
    candidate.run()
    calls = 0
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        candidate.run()
        calls += 1
    candidate.finish()
    return max(1, calls)


def turn(candidate: Candidate, calls: int) -> float:
    """One turn: seconds per call, over `calls` calls that follow a quarter as many untimed ones."""
    run, finish = candidate.run, candidate.finish
    candidate.prepare()
    gc.collect()
    wait_until_quiet()
    for _ in range(1 + calls // 4):
        run()
    finish()
    started = time.perf_counter()
    for _ in range(calls):
        run()
    finish()
    return (time.perf_counter() - started) / calls


def wait_until_quiet() -> None:
    """Sleep until the process takes no processor time while its main thread sleeps: no worker thread spins any more."""
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < deadline:
        before = time.process_time()
        time.sleep(QUIET_SECONDS)
        if time.process_time() - before < QUIET_SECONDS / 40:
            return
    raise RuntimeError(
        f"a thread of this process kept a core busy for {PATIENCE_SECONDS:.0f} s after its work was done, "
        "which would slow down what is measured next; is OMP_WAIT_POLICY=active set, or another setting that spins?"
    )


@contextmanager
def collector_off() -> Iterator[None]:
    """Collect and switch the garbage collector off; afterwards it is as it was."""
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()
