"""Waiting for a number in memory to change, without Python's lock."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numba import types

from ..jit import inner, jit

__all__ = ["SUPPORTED", "warm", "watch"]

SUPPORTED = hasattr(time, "clock_gettime")
_CLOCK = time.CLOCK_MONOTONIC if SUPPORTED else 0
_CROWDED = 20_000  # nanoseconds between two looks, which take 30: another thread had the core meanwhile

_clock_gettime: Any = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.voidptr))


@inner
def _now(clock: Any) -> Any:
    """Nanoseconds."""
    _clock_gettime(_CLOCK, clock.ctypes)
    return clock[0] * 1_000_000_000 + clock[1]


@jit
def watch(flag: Any, clock: Any, patience: int, grace: int) -> bool:
    """Whether flag[0] is set within `patience` nanoseconds; if so, return `grace` nanoseconds later.

    The clock is two numbers for the system to write to.

    Where others want the core it gives up at once. It does not yield to them while it waits: Linux takes that as a
    waiver of the turn, and the thread waits for milliseconds when it has work (measured).
    """
    start = last = _now(clock)
    for _ in range(patience):  # a look takes longer than a nanosecond: it ends even if the clock should stand still
        if flag[0] != 0:
            break
        now = _now(clock)
        if now - start > patience or now - last > _CROWDED:
            return False
        last = now
    for _ in range(grace):
        if _now(clock) - last > grace:
            break
    return bool(flag[0] != 0)


def warm(dtype: Any) -> None:
    """Compile what this file has; there is no dtype to it."""
    if SUPPORTED:
        watch(np.ones(1, np.intp), np.zeros(2, np.intp), 0, 0)
