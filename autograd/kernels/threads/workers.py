"""Threads that wait for jobs: made when they are first needed, kept for good."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from threading import Lock, Thread
from typing import Any, Protocol

from .mailbox import Mailbox, prepare

__all__ = ["ask"]


class _Job(Protocol):
    def help(self) -> None: ...


class Worker(Thread):
    """Does one job after the other."""

    def __init__(self, number: int) -> None:
        super().__init__(name=f"tapegrad-{number}", daemon=True)
        self.jobs = Mailbox()
        self.idle = True
        self._avoided: int | None = None

    def run(self) -> None:
        while True:
            job = self.jobs.take()
            self.idle = False
            job.help()
            del job  # it may hold an exception, and that the arrays of a whole program
            self.idle = True

    def avoid(self, cpu: int | None) -> None:
        """Keep off a CPU: the caller's, who computes there.

        In a virtual machine a CPU that halts looks taken to Linux. It then wakes threads on the CPU of who wakes them,
        and often leaves them there until the caller is done: two threads take as long as one (measured).
        """
        if cpu != self._avoided and cpu is not None and self.native_id is not None:
            self._avoided = cpu
            with suppress(OSError):  # there is no other, or we may not choose
                os.sched_setaffinity(self.native_id, os.sched_getaffinity(0) - {cpu})


_workers: list[Worker] = []
_making = Lock()


def ask(job: _Job, helpers: int) -> None:
    """Ask idle workers, at most so many, to help with a job. Who is asked by two at once helps one after the other."""
    if len(_workers) < helpers:
        _make(helpers)
    cpu = _current_cpu()
    for worker in _workers[:helpers]:
        if worker.idle:
            worker.avoid(cpu)
            worker.jobs.post(job)


def _make(count: int) -> None:
    prepare()  # here, not on a worker: who forks must not find it half done
    with _making:
        while len(_workers) < count:
            worker = Worker(len(_workers) + 1)
            try:
                worker.start()
            except RuntimeError:  # the system gives us no more, or the interpreter is about to end
                return
            _workers.append(worker)


@cache
def _sched_getcpu() -> Any:
    import ctypes

    return getattr(ctypes.PyDLL(None), "sched_getcpu", None) if hasattr(os, "sched_setaffinity") else None


def _current_cpu() -> int | None:
    find = _sched_getcpu()
    return None if find is None else find()


def _forget() -> None:
    """A forked child has none of its parent's other threads, and perhaps a lock that one of them held."""
    global _making
    _workers.clear()
    _making = Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
