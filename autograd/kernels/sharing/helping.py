"""Bringing helpers to the board."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from threading import current_thread
from typing import Any, cast

import numpy as np

from ..threads import get_num_threads
from ..threads.workers import Worker, ask
from .places import SEATS, board

__all__ = ["helpers"]

_MOST = 16  # helpers
_PATIENCE = 200_000  # nanoseconds; see threads/mailbox.py, which waits in the same way
_GRACE = 2_500


def helpers() -> int:
    """How many helpers to expect at the board; if there are none they are called, and will be there for later work."""
    count = min(get_num_threads() - 1, _MOST)
    if count < 1 or (serve := _serve()) is None:
        return 0
    if board[SEATS] == 0:
        ask(_Presence(serve), count)
    return count


@cache
def _serve() -> Callable[..., None] | None:
    """What helpers do, compiled: here, not on a worker, for who forks must not find it half done."""
    from . import offering

    offering.warm(np.intp)
    return cast(Callable[..., None], offering.serve) if offering.SUPPORTED else None


class _Presence:
    """The job of being at the board. Who does it can be asked for other jobs, and then leaves."""

    def __init__(self, serve: Callable[..., Any]) -> None:
        self._serve = serve

    def help(self) -> None:
        worker = cast(Worker, current_thread())
        mail = worker.jobs
        mail._full[0] = 0  # before looking, as in Mailbox.take
        worker.idle = True
        if mail._items.empty():
            self._serve(board, _MOST, mail._full, mail._clock, _PATIENCE, _GRACE)


def _forget() -> None:
    """A forked child has none of its parent's other threads."""
    board[:] = 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
