from __future__ import annotations

import gc
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest

from tapegrad.datasets import ArrayDataset, DataLoader
from tapegrad.datasets.loading.prefetching import Prefetched


def prefetching() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "tapegrad-prefetch"]


@pytest.fixture(autouse=True)
def no_thread_remains() -> Iterator[None]:
    yield
    gc.collect()  # an error that a test has caught holds the frames that it came through
    assert prefetching() == []


def eventually(true: Callable[[], bool]) -> bool:
    """Whether something becomes true, however busy the machine."""
    ends = time.monotonic() + 60
    while not (found := true()) and time.monotonic() < ends:
        time.sleep(0.001)
    return found


def fail_at_the_first(batches: Iterable[Any]) -> None:
    for _ in batches:
        raise LookupError


class Counted:
    """A data set of its row numbers that counts batches, and can do something at one of them."""

    def __init__(self, length: int, at: int = -1, do: Callable[[], object] = lambda: None) -> None:
        self.length = length
        self.made = 0
        self._at, self._do = at, do

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, rows: Any) -> tuple[Any, ...]:
        if self.made == self._at:
            self._do()
        self.made += 1
        return (rows,)


@pytest.mark.parametrize("ahead", [1, 2, 5])
def test_no_more_is_made_ahead_than_asked_for(ahead: int) -> None:
    dataset = Counted(50)
    batches = iter(DataLoader(dataset, 2, prefetch=ahead))

    for taken in range(1, 6):
        assert eventually(lambda taken=taken: dataset.made >= taken - 1 + ahead)  # type: ignore[misc]
        time.sleep(0.01)
        assert dataset.made == taken - 1 + ahead
        next(batches)


def test_an_error_comes_in_its_place_with_its_traceback() -> None:
    def fail() -> None:
        raise ZeroDivisionError("no fourth batch")

    batches = iter(DataLoader(Counted(20, at=3, do=fail), 2, prefetch=4))

    assert [next(batches)[0].tolist() for _ in range(3)] == [[0, 1], [2, 3], [4, 5]]
    with pytest.raises(ZeroDivisionError, match="no fourth batch") as caught:
        next(batches)
    assert {"fail", "__getitem__", "_make"} <= {
        frame.name for frame in traceback.extract_tb(caught.value.__traceback__)
    }
    assert list(batches) == []  # as from a generator that has raised


def test_an_error_does_not_keep_what_it_came_from() -> None:
    gc.collect()
    gc.disable()
    try:
        dataset = Counted(4, at=0, do=lambda: 1 / 0)
        holders = sys.getrefcount(dataset)
        with pytest.raises(ZeroDivisionError):
            list(DataLoader(dataset, 2, prefetch=2))
        assert eventually(lambda: sys.getrefcount(dataset) == holders)
    finally:
        gc.enable()


def test_leaving_early_ends_the_thread() -> None:
    loader = DataLoader(Counted(100), 2, prefetch=3)

    for _ in loader:
        break
    assert prefetching() == []

    with pytest.raises(LookupError):
        fail_at_the_first(loader)
    assert prefetching() == []

    batches = iter(loader)  # nothing asked for yet
    assert len(prefetching()) == 1
    del batches
    assert prefetching() == []

    cycle: list[Any] = [iter(loader)]
    cycle.append(cycle)
    next(cycle[0])
    del cycle
    gc.collect()
    assert prefetching() == []


def test_an_iterator_that_is_destroyed_by_its_own_thread() -> None:
    """The garbage collector runs in whichever thread happens to allocate."""
    dropped = threading.Event()
    dataset = Counted(100, at=5, do=lambda: (dropped.wait(60), gc.collect()))
    cycle: list[Any] = [iter(DataLoader(dataset, 2, prefetch=8))]
    cycle.append(cycle)
    gc.disable()
    try:
        del cycle
        dropped.set()
        assert eventually(lambda: prefetching() == [])
    finally:
        gc.enable()
    assert dataset.made == 6


def test_ctrl_c_reaches_a_consumer_that_waits() -> None:
    main = threading.main_thread().ident
    assert main is not None
    go_on = threading.Event()

    def interrupt_and_block() -> None:
        signal.pthread_kill(main, signal.SIGINT)
        go_on.wait(60)

    batches = iter(DataLoader(Counted(20, at=2, do=interrupt_and_block), 2, prefetch=1))
    try:
        with pytest.raises(KeyboardInterrupt):
            list(batches)
    finally:
        go_on.set()
    del batches
    gc.collect()


def test_two_threads_share_an_iterator() -> None:
    batches = iter(DataLoader(Counted(400), 2, prefetch=2))
    rows: list[int] = []

    def take() -> None:
        for (taken,) in batches:
            rows.extend(taken.tolist())

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(rows) == list(range(400))


def test_items_that_look_like_errors_and_ends() -> None:
    items = [(), None, StopIteration, ValueError("an item, not raised")]

    assert list(Prefetched(iter(items), 2)) == items


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120)


SETTING = """
import os, sys
import numpy as np
from tapegrad.datasets import ArrayDataset, DataLoader
loader = DataLoader(ArrayDataset(np.arange(100)), 2, prefetch=2)
batches = iter(loader)
next(batches)
"""


@pytest.mark.parametrize("end", ["", "sys.exit(0)", "cycle = [batches]; cycle.append(cycle); del batches"])
def test_the_program_ends_while_a_batch_waits(end: str) -> None:
    ended = run(SETTING + end)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_after_a_fork() -> None:
    ended = run(
        SETTING
        + """
child = os.fork()
if child == 0:
    try:
        next(batches)
    except RuntimeError as error:
        print(error, flush=True)
    print(sum(len(rows) for rows, in loader), flush=True)
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
print([rows.tolist() for rows, in batches][0])
"""
    )

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[0].startswith("the process was forked after this iteration had begun")
    assert ended.stdout.splitlines()[1:] == ["100", "[2, 3]"]


def test_batches_are_the_consumers_own() -> None:
    images = np.zeros((6, 2))

    for (batch,) in DataLoader(ArrayDataset(images), 2, prefetch=2):
        batch[:] = 1

    assert not images.any()
