"""Workers are made when needed, stay, keep off the caller's CPU, and are not missed where none can be made."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad.autograd.kernels.threads import split, workers


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> list[workers.Worker]:
    """A list of workers that is empty, for as long as the test runs."""
    none: list[workers.Worker] = []
    monkeypatch.setattr(workers, "_workers", none)
    return none


def meet(threads: int) -> None:
    """A job that takes so many threads."""
    together = threading.Barrier(threads, timeout=20)
    split(lambda start, stop: (together.wait(), None)[1], threads)


def test_workers_are_made_when_needed_and_kept(use: Callable[[int], None], nobody: list[workers.Worker]) -> None:
    use(4)
    meet(2)
    assert len(nobody) == 1
    meet(4)
    made = list(nobody)
    assert len(made) == 3
    for _ in range(5):
        meet(4)
    assert nobody == made
    assert all(worker.daemon and worker.name.startswith("tapegrad-") for worker in made)


def test_fewer_threads_leave_workers_alone(use: Callable[[int], None]) -> None:
    use(4)
    meet(4)
    use(2)
    names: set[str] = set()
    for _ in range(50):
        split(lambda start, stop: names.add(threading.current_thread().name), 50)
    assert len(names) <= 2


def test_the_caller_works_alone_if_no_thread_can_be_made(
    use: Callable[[int], None], nobody: list[workers.Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Any) -> None:
        raise RuntimeError("can't start new thread")

    use(3)
    monkeypatch.setattr(workers.Worker, "start", refuse)
    x = np.zeros(10)

    def kernel(start: int, stop: int) -> None:
        x[start:stop] += 1

    split(kernel, 10)
    assert (x == 1).all()
    assert nobody == []


def test_workers_keep_off_the_cpu_of_the_caller(
    use: Callable[[int], None], nobody: list[workers.Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(2)
    calls: list[tuple[int, set[int]]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda thread: {0, 1, 2}, raising=False)
    monkeypatch.setattr(os, "sched_setaffinity", lambda thread, cpus: calls.append((thread, cpus)), raising=False)
    for cpu in (1, 1, 1, 2, 2, 1):
        monkeypatch.setattr(workers, "_current_cpu", lambda cpu=cpu: cpu)
        meet(2)
    [worker] = nobody
    assert calls == [(worker.native_id, cpus) for cpus in ({0, 2}, {0, 1}, {0, 2})]


def test_affinity_that_cannot_be_set_does_not_matter(
    use: Callable[[int], None], nobody: list[workers.Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(thread: int, cpus: set[int]) -> None:
        raise PermissionError

    use(2)
    monkeypatch.setattr(os, "sched_setaffinity", refuse, raising=False)
    monkeypatch.setattr(workers, "_current_cpu", lambda: 0)
    meet(2)
    assert len(nobody) == 1


def test_the_current_cpu_is_one_that_we_may_run_on() -> None:
    cpu = workers._current_cpu()
    if hasattr(os, "sched_getaffinity"):
        assert cpu in os.sched_getaffinity(0)
    else:
        assert cpu is None
