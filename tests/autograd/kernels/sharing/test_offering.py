"""Every range once, whoever takes it: the caller alone, or helpers that are at work at the same time."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad.autograd.kernels.jit import jit
from tapegrad.autograd.kernels.sharing import board, helpers
from tapegrad.autograd.kernels.sharing.atomic import add, mark, peek, put, swap, unmark
from tapegrad.autograd.kernels.sharing.offering import shared
from tapegrad.autograd.kernels.sharing.places import INSIDE, OFFER, OWNED, SEATS
from tapegrad.autograd.kernels.threads import split

Use = Callable[[int], None]


@jit
def _count(start: int, stop: int, times: Any, starts: Any) -> None:
    for i in range(start, stop):
        times[i] += 1
        starts[i] = start


@jit
def _meet(start: int, stop: int, begun: Any, patience: int) -> None:
    """Begin, and wait until all others have begun."""
    add(begun, 0, 1)
    for _ in range(patience):
        if peek(begun, 0) >= begun[1]:
            return
    begun[2] = 1  # in vain


@jit
def _fail(start: int, stop: int, begun: Any, patience: int, wrong: int) -> None:
    _meet(start, stop, begun, patience)
    if start == wrong:
        raise IndexError


count_shared, meet, fail = shared(_count), shared(_meet), shared(_fail)
PATIENCE = 50_000_000  # looks, about a second


def soon() -> Iterator[None]:
    """Tries for what depends on other threads, for a minute: helpers leave at once where others want the core."""
    start = time.monotonic()
    while time.monotonic() - start < 60:
        yield
        time.sleep(0.0002)


def meeting(threads: int) -> bool:
    """Whether so many threads do their ranges at the same time, soon."""
    for _ in soon():
        expected = helpers()
        if int(board[SEATS]).bit_count() >= threads - 1:
            begun = np.array([0, threads, 0])
            meet(board, expected, threads, 1, begun, PATIENCE)
            if begun[2] == 0:
                return True
    return False


@given(count=st.integers(0, 300), grain=st.integers(1, 70), threads=st.integers(0, 3))
def test_ranges_cover_everything_once_and_are_the_same_for_any_number_of_helpers(
    count: int, grain: int, threads: int
) -> None:
    times, starts = np.zeros(count, np.intp), np.zeros(count, np.intp)

    count_shared(board, threads, count, grain, times, starts)

    most = max(grain, -(-count // 63))
    assert (times == 1).all()
    np.testing.assert_array_equal(starts, np.arange(count) // most * most)


@pytest.mark.parametrize("threads", [2, 3])
def test_ranges_run_at_the_same_time(use: Use, threads: int) -> None:
    use(threads)
    assert meeting(threads)


def test_on_one_thread_nobody_is_called(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    from tapegrad.autograd.kernels.sharing import helping

    use(1)
    monkeypatch.setattr(helping, "ask", None)
    assert helpers() == 0


def test_who_finds_the_board_taken_does_it_alone(use: Use) -> None:
    use(2)
    assert meeting(2)
    times = np.zeros(100, np.intp)
    board[OWNED] = 1
    try:
        count_shared(board, 1, 100, 10, times, times.copy())
        assert board[OWNED] == 1
    finally:
        board[OWNED] = 0
    assert (times == 1).all()


@pytest.mark.parametrize("wrong", [0, 1])
def test_an_exception_comes_home_whoever_raised_it_and_the_board_is_free(use: Use, wrong: int) -> None:
    """Of two ranges that wait for each other the caller has one, and the helper the other."""
    use(2)
    assert meeting(2)
    for _ in range(20):
        with pytest.raises(IndexError, match="outside its array"):
            fail(board, helpers(), 2, 1, np.array([0, 2, 0]), 100_000, wrong)
        assert [board[place] for place in (OWNED, OFFER, INSIDE)] == [0, 0, 0]
    with pytest.raises(IndexError):
        fail(board, 0, 2, 1, np.array([0, 1, 0]), 1, wrong)


def test_a_helper_at_the_board_can_be_asked_for_other_work(use: Use) -> None:
    use(2)

    def both() -> bool:
        together = threading.Barrier(2, timeout=0.2)
        with suppress(threading.BrokenBarrierError):  # it was just on its way from one job to the next
            split(lambda start, stop: together.wait() and None, 2)
        return not together.broken

    for _ in range(5):
        assert meeting(2)
        assert any(both() for _ in soon())


def test_several_python_threads_at_once(use: Use) -> None:
    use(3)
    interval = sys.getswitchinterval()
    wrong: list[int] = []

    def work() -> None:
        for _ in range(300):
            times = np.zeros(1000, np.intp)
            count_shared(board, helpers(), times.size, 50, times, times.copy())
            if not (times == 1).all():
                wrong.append(1)

    callers = [threading.Thread(target=work) for _ in range(3)]
    sys.setswitchinterval(1e-5)
    try:
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
    finally:
        sys.setswitchinterval(interval)
    assert not wrong


@jit
def _change(start: int, stop: int, numbers: Any) -> None:
    for i in range(start, stop):
        add(numbers, 0, 1)
        add(numbers, 1, 2)
        mark(numbers, 2, 1 << i % 62)
        unmark(numbers, 3, ~(1 << i % 62))
        if swap(numbers, 4, 1) == 0:
            numbers[5] += 1  # by one thread at a time
            put(numbers, 4, 0)
        else:
            add(numbers, 6, 1)


change = shared(_change)


def test_atomic_steps_lose_nothing(use: Use) -> None:
    use(2)
    assert meeting(2)
    for _ in range(20):
        numbers = np.array([0, 0, 0, -1, 0, 0, 0])
        change(board, helpers(), 60_000, 1000, numbers)
        assert numbers[0] == 60_000
        assert numbers[1] == 120_000
        assert numbers[2] == (1 << 62) - 1
        assert numbers[3] == -1 << 62
        assert numbers[5] + numbers[6] == 60_000
