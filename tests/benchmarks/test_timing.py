"""Turns are taken in the right order and number, and what is timed is what should be."""

from __future__ import annotations

import gc
import threading
import time
from itertools import pairwise

import numpy as np
import pytest

from benchmarks import timing
from benchmarks.timing import Candidate, Pace, interleave


class Calls:
    """Candidates that write down who was called, and with the collector on or off."""

    def __init__(self) -> None:
        self.log: list[tuple[str, str]] = []
        self.collecting: set[bool] = set()

    def candidate(self, name: str) -> Candidate:
        def note(what: str) -> None:
            self.log.append((name, what))
            self.collecting.add(gc.isenabled())

        return Candidate(name, lambda: note("run"), lambda: note("prepare"), lambda: note("finish"))


def turns(log: list[tuple[str, str]]) -> list[str]:
    """Who had the turns after the warm-up, read from the log: a turn begins with `prepare`."""
    return [name for name, what in log if what == "prepare"]


def test_every_candidate_has_one_turn_in_every_round() -> None:
    calls = Calls()
    names = ["a", "b", "c"]
    times = interleave([calls.candidate(name) for name in names], rounds=8, seed=0, turn_seconds=0)
    order = turns(calls.log)[len(names) :]
    rounds = [order[start : start + 3] for start in range(0, len(order), 3)]
    assert len(rounds) == 8
    assert all(sorted(one) == names for one in rounds)
    assert {name: seconds.shape for name, seconds in times.items()} == dict.fromkeys(names, (8,))


def test_the_order_is_shuffled_by_the_seed() -> None:
    def order(seed: int) -> list[str]:
        calls = Calls()
        interleave([calls.candidate(name) for name in "abcd"], rounds=6, seed=seed, turn_seconds=0)
        return turns(calls.log)

    assert order(1) == order(1)
    assert order(1) != order(2)
    first = order(1)[4:]
    assert len({tuple(first[start : start + 4]) for start in range(0, len(first), 4)}) > 1


def test_a_turn_prepares_warms_up_finishes_and_then_times() -> None:
    calls = Calls()
    timing.turn(calls.candidate("a"), Pace(8, quickest=1.0))
    assert [what for _, what in calls.log] == ["prepare"] + ["run"] * 3 + ["finish"] + ["run"] * 8 + ["finish"]


def test_a_turn_is_seconds_per_call_and_counts_what_finish_waits_for() -> None:
    sleeper = Candidate("sleeper", lambda: time.sleep(0.002), finish=lambda: time.sleep(0.02))
    assert 0.004 <= timing.turn(sleeper, Pace(10, quickest=1.0)) < 0.02


def test_preparing_is_not_timed() -> None:
    slow = Candidate("slow to set up", timing.nothing, prepare=lambda: time.sleep(0.2))
    assert timing.turn(slow, Pace(1, quickest=1.0)) < 0.1


def test_a_turn_has_as_many_calls_as_fill_its_time() -> None:
    pace = timing.pace_of(Candidate("sleeper", lambda: time.sleep(0.005)), 0.03)
    assert 2 <= pace.calls <= 6
    assert 0.005 <= pace.quickest < 0.02
    assert timing.pace_of(Candidate("slower than a turn", lambda: time.sleep(0.01)), 0.001).calls == 1


def test_calls_that_compute_in_the_background_are_waited_for() -> None:
    queued: list[None] = []

    def finish() -> None:
        time.sleep(0.005 * len(queued))
        queued.clear()

    pace = timing.pace_of(Candidate("queue", lambda: queued.append(None), finish=finish), 0.03)
    assert 2 <= pace.calls <= 6
    assert pace.quickest >= 0.005


def naps_of(seconds: list[float]) -> tuple[Candidate, list[float]]:
    """A candidate whose calls take these times, the last of them again and again, and what it has slept."""
    slept: list[float] = []

    def nap() -> None:
        slept.append(seconds[min(len(slept), len(seconds) - 1)])
        time.sleep(slept[-1])

    return Candidate("nap", nap), slept


def test_a_turn_begins_when_a_call_is_as_quick_as_before() -> None:
    candidate, slept = naps_of([0.02, 0.02, 0.02, 0.002])
    assert timing.turn(candidate, Pace(2, quickest=0.003)) < 0.02
    assert slept == [0.02, 0.02, 0.02, 0.002, 0.002, 0.002]


def test_a_turn_begins_at_last_where_no_call_is_as_quick_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "WARM_UP_SECONDS", 0.05)
    candidate, slept = naps_of([0.02])
    assert timing.turn(candidate, Pace(2, quickest=0.003)) >= 0.02
    assert 4 <= len(slept) <= 6


def test_the_ratio_of_known_durations_is_found() -> None:
    naps = [Candidate("short", lambda: time.sleep(0.004)), Candidate("long", lambda: time.sleep(0.012))]
    times = interleave(naps, rounds=5, seed=0)
    assert 1.5 < np.median(times["long"]) / np.median(times["short"]) < 4


def test_the_collector_is_off_in_turns_and_restored_afterwards() -> None:
    calls = Calls()
    assert gc.isenabled()
    interleave([calls.candidate("a")], rounds=2, seed=0, turn_seconds=0)
    assert calls.collecting == {False}
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_the_collector_is_restored_when_a_candidate_fails() -> None:
    def fail() -> None:
        raise ArithmeticError("as a candidate may")

    with pytest.raises(ArithmeticError):
        interleave([Candidate("fails", fail)], rounds=1, seed=0)
    assert gc.isenabled()


def test_names_must_differ() -> None:
    calls = Calls()
    with pytest.raises(ValueError, match="different names"):
        interleave([calls.candidate("a"), calls.candidate("a")], rounds=1, seed=0)


def spin(stop: threading.Event) -> None:
    """Keep a core busy."""
    while not stop.is_set():
        pass


def test_a_turn_waits_for_threads_that_spin() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=spin, args=(stop,))
    stopper = threading.Timer(0.3, stop.set)
    spinning: list[bool] = []

    def start() -> None:
        thread.start()
        stopper.start()

    timing.turn(Candidate("a", lambda: spinning.append(thread.is_alive()), prepare=start), Pace(1, 1.0))
    stopper.join()
    thread.join()
    assert spinning == [False, False]


def test_a_thread_that_never_rests_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "PATIENCE_SECONDS", 0.04)
    stop = threading.Event()
    thread = threading.Thread(target=spin, args=(stop,))
    thread.start()
    try:
        with pytest.raises(RuntimeError, match="kept a core busy"):
            timing.wait_until_quiet()
    finally:
        stop.set()
        thread.join()


def test_pairs_follow_in_both_orders() -> None:
    calls = Calls()
    interleave([calls.candidate("a"), calls.candidate("b")], rounds=20, seed=0, turn_seconds=0)
    assert set(pairwise(turns(calls.log))) >= {("a", "b"), ("b", "a")}
