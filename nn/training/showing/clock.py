"""When a training will be done, by what has been done since it began to run."""

from __future__ import annotations

import time

__all__ = ["Clock"]


class Clock:
    """Counts from the end of the first step, which is slower than the others where kernels have to be compiled."""

    def __init__(self) -> None:
        self._first: tuple[float, int] | None = None
        self._last = (0.0, 0)

    def note(self, done: int) -> None:
        """So much is done now."""
        self._last = time.perf_counter(), done
        self._first = self._first or self._last

    def left(self, total: int) -> float | None:
        """Seconds until the whole is done at the mean rate so far; None before there is one."""
        if self._first is None or self._last[1] <= self._first[1]:
            return None
        (start, before), (now, done) = self._first, self._last
        return (now - start) / (done - before) * (total - done)
