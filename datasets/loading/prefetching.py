"""Batches made ahead, in a thread of their own."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from threading import Thread, current_thread
from typing import Generic, TypeVar

T = TypeVar("T")
_LATEST = 0.5  # seconds until a Ctrl-C is noticed that came between two instructions, just before the wait for a batch


class _Line(Generic[T]):
    """What the thread and its consumer share.

    A word in `wanted` asks for one item more; `ready` holds what came of it, an item or an error. Both are queues whose
    `put` is safe inside of a destructor, which may run at any moment, also in the thread itself.
    """

    def __init__(self, ahead: int) -> None:
        self.wanted: SimpleQueue[None] = SimpleQueue()
        self.ready: SimpleQueue[tuple[T] | BaseException] = SimpleQueue()
        self.stopped = False
        for _ in range(ahead):
            self.wanted.put(None)


class Prefetched(Iterator[T]):
    """The items of `source`, made in a thread: up to `ahead` of them wait for the consumer, or are being made.

    An error of the source is raised in its place, with the thread's traceback. The thread ends with the source, or when
    nobody holds this iterator any more, or with the program; it never makes more than the item that it is at.

    Raises:
        RuntimeError: the process was forked: the thread stayed in the parent.
    """

    def __init__(self, source: Iterator[T], ahead: int) -> None:
        self._line: _Line[T] = _Line(ahead)
        self._process = os.getpid()
        # A thread that is not a daemon would be waited for before anybody tells it to stop.
        thread = Thread(target=_make, args=(source, self._line), name="tapegrad-prefetch", daemon=True)
        thread.start()
        weakref.finalize(self, _stop, self._line, thread)  # also at the program's exit

    def __next__(self) -> T:
        if os.getpid() != self._process:
            raise RuntimeError(
                "the process was forked after this iteration had begun, and the thread that makes its batches stayed "
                "in the parent: iterate over the loader in the child"
            )
        item = self._next()
        if isinstance(item, tuple):
            self._line.wanted.put(None)
            return item[0]
        self._line.ready.put(StopIteration())  # for who asks again, and for other threads that wait here
        try:
            raise item
        finally:
            del item  # the error holds this frame, so the frame must not hold the error

    def _next(self) -> tuple[T] | BaseException:
        while True:
            try:
                return self._line.ready.get(timeout=_LATEST)
            except Empty:
                pass


def _make(source: Iterator[T], line: _Line[T]) -> None:
    try:
        while True:
            line.wanted.get()
            if line.stopped:
                return
            line.ready.put((next(source),))
    except BaseException as error:  # StopIteration too, and what an interpreter that shuts down raises
        line.ready.put(error)


def _stop(line: _Line[T], thread: Thread) -> None:
    line.stopped = True
    line.wanted.put(None)
    if thread is not current_thread():
        thread.join()
