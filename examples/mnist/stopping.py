"""Ctrl-C as a request: the batch at hand is finished, and what was trained is kept."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["StopRequest", "ctrl_c_requests_stop"]


class StopRequest:
    """Whether the user has asked to stop."""

    def __init__(self) -> None:
        self.made = False


@contextmanager
def ctrl_c_requests_stop() -> Iterator[StopRequest]:
    """Within it, the first Ctrl-C makes the request that it yields; a second one ends the program as it always does."""
    request = StopRequest()

    def take(number: int, frame: FrameType | None) -> None:
        request.made = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, take)
    try:
        yield request
    finally:
        signal.signal(signal.SIGINT, before)
