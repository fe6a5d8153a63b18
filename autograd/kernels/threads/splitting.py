"""Dividing one kernel's work among the calling thread and helpers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count as counter
from typing import Any

from .limit import get_num_threads
from .mailbox import Mailbox
from .workers import ask

__all__ = ["split"]


def split(kernel: Callable[..., Any], count: int, *args: Any, grain: int = 1) -> None:
    """Call `kernel(start, stop, *args)` for consecutive ranges of at most `grain` items that make up range(count).

    Ranges are the same on any number of threads, so a kernel that sums up in an array of its own for each range gives
    the same result on all. Which thread takes which is open: whoever is free takes the next. May be called from several
    Python threads at once, and by a kernel.

    Raises:
        Exception: the first that a kernel has raised. By then no kernel runs any more; some ranges were not begun.
    """
    helpers = min(-(-count // grain), get_num_threads()) - 1
    if helpers < 1:
        for start in range(0, count, grain):
            kernel(start, min(start + grain, count), *args)
        return
    job = Job(kernel, count, grain, args)
    try:
        try:
            ask(job, helpers)
            job.work()
        finally:
            job.end()
    finally:
        job.end()  # once more: an interrupt may have cut the first one short
    if job.error is not None:
        try:
            raise job.error
        finally:
            job.error = None  # it knows this frame, and both would stay


class Job:
    """The ranges of one call, and who is at work on them.

    What must not be interrupted is one call into the interpreter: `next` of a counter, `append` and `pop` of a list.
    """

    __slots__ = ("_args", "_count", "_grain", "_helpers", "_kernel", "_left", "_next", "_ranges", "error")

    def __init__(self, kernel: Callable[..., Any], count: int, grain: int, args: tuple[Any, ...]) -> None:
        self._kernel, self._count, self._grain, self._args = kernel, count, grain, args
        self._ranges = -(-count // grain)
        self._next = counter().__next__
        self._helpers: list[None] = []  # as long as there are helpers at work
        self._left = Mailbox()  # a word from each helper that leaves
        self.error: BaseException | None = None

    def work(self) -> None:
        """Take ranges until there are none."""
        # how many there are comes first: `end` sets it to 0, and whoever has taken a range by then has to do it
        while self._ranges > (taken := self._next()):
            start = taken * self._grain
            self._kernel(start, min(start + self._grain, self._count), *self._args)

    def help(self) -> None:
        """Work on another thread than the caller's: it will not go on while we do, and raises what we would."""
        self._helpers.append(None)
        try:
            self.work()
        except BaseException as error:  # an interrupt as well
            self._ranges = 0
            if self.error is None:
                self.error = error
        finally:
            self._helpers.pop()
            self._left.post(None)

    def end(self) -> None:
        """Let nobody begin another range, wait until nobody is at work, and let go of the arrays.

        A helper that comes later finds nothing to do. An interrupt has to wait: helpers write into the caller's arrays.
        """
        self._ranges = 0
        interrupt = None
        while self._helpers:
            try:
                self._left.take()
            except BaseException as raised:
                interrupt = raised
        self._args = ()
        if interrupt is not None:
            raise interrupt
