"""Handing things to a waiting thread within microseconds."""

from __future__ import annotations

from functools import cache
from queue import SimpleQueue
from typing import Any

import numpy as np

from ..jit import enabled

__all__ = ["Mailbox", "prepare"]

# Waking a thread that sleeps takes the sender 10 us, and the thread starts 20 to 50 us later: as long as a small kernel
# takes. So whoever waits looks for mail in machine code for a while before it falls asleep; a kernel that is split then
# costs 10 us instead of 35 (measured).
_PATIENCE = 200_000  # nanoseconds
_GRACE = 2_500  # nanoseconds for the sender to let go of Python's lock: who asks for it sooner falls asleep over it


class Mailbox:
    """A queue with one reader."""

    __slots__ = ("_clock", "_full", "_items")

    def __init__(self) -> None:
        self._items: SimpleQueue[Any] = SimpleQueue()
        self._full, self._clock = np.zeros(1, np.intp), np.zeros(2, np.intp)

    def post(self, item: Any) -> None:
        self._items.put(item)
        self._full[0] = 1

    def take(self) -> Any:
        """The oldest item, as soon as there is one."""
        self._full[0] = 0  # before looking, or what is posted in between would be overlooked
        if self._items.empty() and (watch := prepare()):
            watch(self._full, self._clock, _PATIENCE, _GRACE)
        return self._items.get()


@cache
def prepare() -> Any:
    """What looks for mail, compiled; None where nothing is compiled, or the system lacks the clock for it."""
    if not enabled():
        return None
    from . import watching

    watching.warm(np.intp)
    return watching.watch if watching.SUPPORTED else None
