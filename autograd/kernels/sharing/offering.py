"""What happens at the board, on which one caller at a time offers work: all of it in machine code."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import types

from ..jit import inner, jit
from ..threads.watching import _CROWDED, SUPPORTED, _now
from .atomic import add, mark, peek, put, swap, unmark
from .calls import packed, run
from .places import CODE, COUNT, FAILED, FRAME, GRAIN, HELPERS, INSIDE, NUMBER, OFFER, OWNED, SEATS, TAKEN, board

__all__ = ["SUPPORTED", "serve", "shared", "warm"]

_MOST = 63  # ranges: bits of what stands at TAKEN
_LOOKS = 1000  # for helpers to finish, before they are offered this thread's core


def shared(kernel: Callable[..., Any]) -> Any:
    """The call of kernel(start, stop, *arguments), under @jit, for consecutive ranges that make up range(count).

    It takes the board, how many helpers to expect, count and grain, the size of a range, in front of the arguments.
    Ranges, 63 at most, are the same with any number of helpers. Those that come late find less to do, or nothing; if
    the board is not free the caller does everything.
    """

    @jit
    def share(board: Any, helpers: int, count: int, grain: int, *arguments: Any) -> None:
        code, frame = packed(kernel, arguments)
        grain = max(grain, -(-count // _MOST))
        if helpers < 1 or count <= grain or swap(board, OWNED, 1) != 0:
            for start in range(0, count, grain):
                if not run(code, frame, start, min(start + grain, count)):
                    raise IndexError("an index lies outside its array")
            return
        board[CODE], board[FRAME], board[COUNT], board[GRAIN], board[HELPERS] = code, frame, count, grain, helpers
        board[NUMBER] += 1
        board[FAILED] = 0
        board[TAKEN] = 0
        put(board, OFFER, board[NUMBER])
        _take(board, 0)
        put(board, OFFER, 0)
        _wait(board)
        failed = board[FAILED]
        put(board, OWNED, 0)
        if failed != 0:
            raise IndexError("an index lies outside its array")

    return share


@inner
def _take(board: Any, place: int) -> None:
    """Do ranges until all are taken, from a place of one's own on, and around."""
    code, frame, count, grain = board[CODE], board[FRAME], board[COUNT], board[GRAIN]
    ranges = -(-count // grain)
    first = place * ranges // (board[HELPERS] + 1)
    for i in range(ranges):
        taken = (first + i) % ranges
        start = taken * grain
        if mark(board, TAKEN, 1 << taken) >> taken & 1 == 0 and not run(code, frame, start, min(start + grain, count)):
            board[FAILED] = 1


if hasattr(os, "sched_yield"):
    _sched_yield: Any = types.ExternalFunction("sched_yield", types.int32())
else:

    @jit
    def _sched_yield() -> int:
        return 0


@inner
def _wait(board: Any) -> None:
    """Wait until no helper is at work: they read and write the caller's arrays."""
    looks = 0
    while peek(board, INSIDE) != 0:
        looks += 1
        if looks > _LOOKS:
            _sched_yield()


@jit
def serve(board: Any, seats: int, mail: Any, clock: Any, patience: int, grace: int) -> None:
    """Take a seat, and help with what is offered until there is mail, or nothing is offered for `patience` nanoseconds.

    If there is mail, return `grace` nanoseconds later. Where others want the core it gives up at once. The clock is two
    numbers for the system to write to.
    """
    seat = 0
    while seat < seats and mark(board, SEATS, 1 << seat) >> seat & 1 != 0:
        seat += 1
    if seat == seats:
        return
    last_helped = last = _now(clock)
    known = 0
    while mail[0] == 0:
        offer = peek(board, OFFER)
        if offer != 0 and offer != known:
            known = offer
            add(board, INSIDE, 1)  # from now on the caller waits for us
            if peek(board, OFFER) == offer and seat < board[HELPERS]:
                _take(board, seat + 1)
            add(board, INSIDE, -1)
            last_helped = last = _now(clock)
        now = _now(clock)
        if now - last_helped > patience or now - last > _CROWDED:
            break
        last = now
    unmark(board, SEATS, ~(1 << seat))
    while mail[0] != 0 and _now(clock) - last <= grace:
        pass


def warm(dtype: Any) -> None:
    """Compile what helpers do (see warmup.py); there is no dtype to it."""
    if SUPPORTED:
        serve(np.zeros_like(board), 1, np.ones(1, np.intp), np.zeros(2, np.intp), 0, 0)
