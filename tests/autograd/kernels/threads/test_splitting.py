"""Every range once, on threads that really run at the same time, whoever calls from wherever; and errors come home."""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad.autograd.kernels.threads import limit, split
from tapegrad.autograd.kernels.threads.splitting import Job


@numba.njit(nogil=True)
def fill(start: int, stop: int, x: Any, value: float) -> None:
    for i in range(start, stop):
        x[i] += value


@numba.njit(nogil=True)
def total(start: int, stop: int, x: Any, grain: int, sums: Any) -> None:
    for i in range(start, stop):
        sums[start // grain] += x[i]


@given(count=st.integers(0, 200), grain=st.integers(1, 70), threads=st.integers(1, 5))
def test_ranges_follow_each_other_and_cover_everything_once(count: int, grain: int, threads: int) -> None:
    taken: list[tuple[int, int]] = []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limit, "_count", threads)
        split(lambda start, stop: taken.append((start, stop)), count, grain=grain)

    taken.sort()
    assert [start for start, _ in taken] == list(range(0, count, grain))
    assert all(stop == start for (_, stop), (start, _) in pairwise(taken))
    assert not taken or taken[-1][1] == count


@pytest.mark.parametrize("threads", [2, 3, 6])
def test_ranges_run_at_the_same_time(use: Callable[[int], None], threads: int) -> None:
    """Each waits until all have begun."""
    use(threads)
    for _ in range(20):
        begun = threading.Barrier(threads, timeout=20)
        who: set[int] = set()

        def kernel(start: int, stop: int, begun: threading.Barrier, who: set[int]) -> None:
            begun.wait()
            who.add(threading.get_ident())

        split(kernel, threads, begun, who)

        assert len(who) == threads
        assert threading.get_ident() in who


@pytest.mark.parametrize(("threads", "count", "grain"), [(1, 100, 10), (4, 10, 10), (4, 1, 1)])
def test_one_thread_or_one_range_wakes_nobody(
    use: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, threads: int, count: int, grain: int
) -> None:
    from tapegrad.autograd.kernels.threads import splitting

    use(threads)
    monkeypatch.setattr(splitting, "ask", None)
    x = np.zeros(100)
    split(fill, count, x, 1.0, grain=grain)
    assert x.sum() == count


@given(count=st.integers(1, 3000), grain=st.integers(1, 400), seed=st.integers(0, 100))
def test_sums_by_range_do_not_depend_on_threads(count: int, grain: int, seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=count).astype(np.float32)
    results = []
    for threads in (1, 2, 3, 7):
        sums = np.zeros(-(-count // grain), np.float32)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(limit, "_count", threads)
            split(total, count, x, grain, sums, grain=grain)
        results.append(sums)

    for sums in results[1:]:
        np.testing.assert_array_equal(sums, results[0])


def test_eight_threads_call_at_once(use: Callable[[int], None]) -> None:
    use(4)
    start, wrong = threading.Barrier(8), []

    def call(value: float) -> None:
        start.wait()
        for repeat in range(1, 200):
            x = np.zeros(257)
            split(fill, x.size, x, value * repeat, grain=8)
            if not (x == value * repeat).all():
                wrong.append((value, repeat))

    callers = [threading.Thread(target=call, args=(float(value),)) for value in range(1, 9)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(60)

    assert not any(caller.is_alive() for caller in callers)
    assert wrong == []


def test_a_kernel_may_split(use: Callable[[int], None]) -> None:
    use(3)

    def inner(start: int, stop: int, x: Any, depth: int) -> None:
        for i in range(start, stop):
            if depth:
                split(inner, x.shape[1], x[i], depth - 1)
            else:
                x[i] += 1

    x = np.zeros((4, 5, 6))
    for _ in range(30):
        split(inner, 4, x, 2)

    np.testing.assert_array_equal(x, np.full(x.shape, 30.0))


class KernelError(Exception):
    pass


@pytest.mark.parametrize("on_caller", [True, False])
def test_an_error_reaches_the_caller_when_nobody_works_any_more(use: Callable[[int], None], on_caller: bool) -> None:
    use(3)
    caller, working = threading.get_ident(), []

    def kernel(start: int, stop: int, begun: threading.Barrier, taken: list[int]) -> None:
        taken.append(start)
        if start < 3:
            begun.wait()
        if (threading.get_ident() == caller) == on_caller:
            raise KernelError(start)
        working.append(start)
        time.sleep(0.02)
        working.pop()

    for _ in range(10):
        taken: list[int] = []
        with pytest.raises(KernelError):
            split(kernel, 1000, threading.Barrier(3, timeout=20), taken)
        assert working == []
        assert len(taken) < 20

    x = np.zeros(100)
    split(fill, 100, x, 1.0)
    assert (x == 1).all()


@pytest.mark.parametrize("failing", [False, True])
def test_arrays_are_let_go(use: Callable[[int], None], failing: bool) -> None:
    """Also after an error of a helper, and without the garbage collector: pools watch the number of references."""
    use(2)
    caller = threading.get_ident()

    def kernel(start: int, stop: int, x: Any, begun: threading.Barrier) -> None:
        if failing:  # else the caller does it all, and the helper comes too late
            begun.wait()
            if threading.get_ident() != caller:
                raise KernelError

    gc.collect()
    gc.disable()
    try:
        x = np.zeros(100)
        before = sys.getrefcount(x)
        for _ in range(50):
            with suppress(KernelError):
                split(kernel, 2, x, threading.Barrier(2, timeout=20))
                assert not failing
            assert sys.getrefcount(x) == before
    finally:
        gc.enable()


def test_a_range_that_was_taken_is_done_though_the_caller_ends_meanwhile() -> None:
    done: list[int] = []
    job = Job(lambda start, stop: done.append(start), 1, 1, ())
    take = job._next

    def take_and_end() -> int:
        taken = take()
        job._ranges = 0  # as `end` does on the caller's thread, which found nothing left to take
        return taken

    job._next = take_and_end
    job.work()

    assert done == [0]
