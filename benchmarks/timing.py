"""Interleaved timing: every candidate has a turn in every round, all in one process, each on a quiet machine.

The speed of a shared machine drifts by a factor of two within an hour. Candidates that take turns drift together, so
the ratio of two of them holds still while their times do not. What keeps turns from disturbing each other:

- The order of turns is shuffled in each round.
- The worker threads of a BLAS or an OpenMP pool spin for up to 0.1 s after their last task, on the cores that the next
  candidate needs (measured: 3 to 10 times slower). A turn waits until the process uses no processor time.
- Garbage is collected before a turn and never during one; what was there before the first is frozen out of its sight.
- A turn starts with calls that are not timed: caches and clocks wake up, and threads spread out. Linux may wake two
  threads on one core and leave them there for 40 ms (measured: 2 to 15 times slower). So these calls go on until one is
  about as quick as the candidate has been before.
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
WARM_UP_SECONDS = 0.1  # at most, to get up to speed
UP_TO_SPEED = 1.25  # times the quickest call


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
        paces = {candidate.name: pace_of(candidate, turn_seconds) for candidate in candidates}
        gc.freeze()
        times: dict[str, list[float]] = {name: [] for name in names}
        for _ in range(rounds):
            for candidate in shuffled(candidates, len(candidates)):
                times[candidate.name].append(turn(candidate, paces[candidate.name]))
    return {name: np.array(seconds) for name, seconds in times.items()}


@dataclass(frozen=True)
class Pace:
    """How many calls make a turn, and how many seconds the quickest call took, waiting for its result."""

    calls: int
    quickest: float


def pace_of(candidate: Candidate, seconds: float) -> Pace:
    """As many calls as fill `seconds`, at least one; the first call is not counted, for it may compile."""
    candidate.prepare()
    seconds_of_call(candidate)
    taken = [seconds_of_call(candidate)]
    ends = time.perf_counter() + seconds - taken[0]
    while time.perf_counter() < ends:
        taken.append(seconds_of_call(candidate))
    return Pace(len(taken), min(taken))


def turn(candidate: Candidate, pace: Pace) -> float:
    """One turn: seconds per call, over the calls that follow the untimed ones."""
    candidate.prepare()
    gc.collect()
    wait_until_quiet()
    warm_up(candidate, pace)
    run, calls = candidate.run, pace.calls
    started = time.perf_counter()
    for _ in range(calls):
        run()
    candidate.finish()
    return (time.perf_counter() - started) / calls


def warm_up(candidate: Candidate, pace: Pace) -> None:
    """A quarter as many calls as a turn has, at least one, and more until one is up to speed or the time is over."""
    deadline = time.perf_counter() + WARM_UP_SECONDS
    for _ in range(pace.calls // 4):
        candidate.run()
    while seconds_of_call(candidate) > UP_TO_SPEED * pace.quickest and time.perf_counter() < deadline:
        pass


def seconds_of_call(candidate: Candidate) -> float:
    """How long one call takes until its result is there."""
    started = time.perf_counter()
    candidate.run()
    candidate.finish()
    return time.perf_counter() - started


def wait_until_quiet() -> None:
    """Sleep until the process takes no processor time while its main thread sleeps: no worker thread spins any more."""
    for _ in range(round(PATIENCE_SECONDS / QUIET_SECONDS)):  # a deadline would pass while the process is stopped
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
