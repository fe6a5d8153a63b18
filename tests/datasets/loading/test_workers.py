from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tapegrad.datasets import ArrayDataset, DataLoader, WorkerError

NUMBERS = ArrayDataset(np.arange(40.0), np.arange(40))
MODULE = """
import os
import numpy as np

def fail_at_five(images):
    if 5 in images:
        raise ValueError(f"five is among {images}")
    return images

def exit_at_five(images):
    if 5 in images:
        os._exit(3)
    return images

class Strange(Exception):
    def __init__(self, one, two):
        super().__init__(one)

def raise_what_does_not_pickle(images):
    raise Strange("neither here", "nor there")

def process(images):
    return np.full(len(images), os.getpid())

class Forbidden:
    def __len__(self):
        return 4
    def __reduce__(self):
        return print_secret, ()

def print_secret():
    raise FileNotFoundError("the data stayed at home")
"""


def working() -> list[int]:
    return sorted(child.pid or 0 for child in multiprocessing.active_children() if "tapegrad" in child.name)


@pytest.fixture(autouse=True)
def nothing_remains() -> Iterator[None]:
    yield
    gc.collect()  # an error that a test has caught holds the frames that it came through
    assert working() == []


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """What workers import; a test file is not importable."""
    (tmp_path / "in_workers.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield import_module("in_workers")
    del sys.modules["in_workers"]


def test_workers_share_the_batches_and_stay(module: ModuleType) -> None:
    loader = DataLoader(NUMBERS, 4, transform=module.process, workers=2)

    for _ in range(2):
        makers = [int(processes[0]) for processes, _ in loader]
        assert makers == makers[:2] * 5
        assert sorted(makers[:2]) == working()
    next(iter(loader))
    assert sorted({int(processes[0]) for processes, _ in loader}) == working()  # left early, and still the same
    assert sorted(makers[:2]) == working()


def test_two_iterations_at_once() -> None:
    loader = DataLoader(NUMBERS, 4, shuffle=True, workers=1)
    expected = [[labels.tolist() for _, labels in alone] for alone in [DataLoader(NUMBERS, 4, shuffle=True)] * 2]

    both = list(zip(iter(loader), iter(loader), strict=True))

    assert [labels.tolist() for (_, labels), _ in both] == expected[0]
    assert [labels.tolist() for _, (_, labels) in both] == expected[1]


def test_a_worker_that_is_killed() -> None:
    loader = DataLoader(NUMBERS, 4, workers=2)
    batches = iter(loader)
    next(batches)
    assert all("/dev/shm" not in Path(f"/proc/{worker}/maps").read_text(encoding="utf-8") for worker in working())

    os.kill(working()[0], signal.SIGKILL)

    with pytest.raises(
        WorkerError, match=r"worker [01] of the DataLoader was ended by signal 9 \(Killed\), as the system"
    ):
        list(batches)
    assert working() == []
    assert [labels.tolist() for _, labels in loader] == np.arange(40).reshape(10, 4).tolist()  # others take over


def test_a_worker_that_ends_itself(module: ModuleType) -> None:
    loader = DataLoader(NUMBERS, 4, transform=module.exit_at_five, workers=1, prefetch=2)
    batches = iter(loader)

    assert next(batches)[1].tolist() == [0, 1, 2, 3]
    with pytest.raises(WorkerError, match=r"worker 0 of the DataLoader ended with exit code 3; what it wrote to st"):
        next(batches)


def test_an_error_comes_in_its_place_and_names_the_workers_line(module: ModuleType) -> None:
    loader = DataLoader(NUMBERS, 4, transform=module.fail_at_five, workers=2)

    for _ in range(2):
        loader.set_epoch(0)
        batches = iter(loader)
        assert next(batches)[1].tolist() == [0, 1, 2, 3]
        with pytest.raises(ValueError, match="five is among") as caught:
            next(batches)
        assert "in fail_at_five" in "".join(caught.value.__notes__)
    loader.set_epoch(0, batch=2)
    assert [labels[0] for _, labels in loader] == list(range(8, 40, 4))


def test_an_error_that_cannot_be_sent(module: ModuleType) -> None:
    with pytest.raises(WorkerError, match=r"(?s)could not make a batch.*in_workers\.Strange: neither here"):
        list(DataLoader(NUMBERS, 4, transform=module.raise_what_does_not_pickle, workers=1))


def test_what_cannot_be_sent_to_workers(module: ModuleType) -> None:
    with pytest.raises(TypeError, match=r"workers=1: the data set and the transform go to other processes, and cannot"):
        list(DataLoader(NUMBERS, 4, transform=lambda images: images, workers=1))


def test_a_data_set_that_does_not_arrive(module: ModuleType) -> None:
    with pytest.raises(FileNotFoundError, match="the data stayed at home"):
        list(DataLoader(module.Forbidden(), 4, workers=1))


def test_a_loader_that_goes_takes_its_workers_along() -> None:
    loader = DataLoader(NUMBERS, 4, workers=1, prefetch=1)
    next(iter(loader))
    assert len(working()) == 1

    del loader

    assert working() == []


UNGUARDED = """
import numpy as np
from tapegrad.datasets import ArrayDataset, DataLoader
for numbers, in DataLoader(ArrayDataset(np.arange(10**6)), 2, workers=1):
    print(numbers)
"""


def test_a_program_without_a_guarded_main(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(UNGUARDED, encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, "train.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.endswith('function, or under `if __name__ == "__main__":`\n')


GUARDED = """
import multiprocessing, sys
import numpy as np
from tapegrad.datasets import ArrayDataset, DataLoader
if __name__ == "__main__":
    loader = DataLoader(ArrayDataset(np.arange(100)), 2, workers=1)
    batches = iter(loader)
    next(batches)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    if sys.argv[1:] == ["wait"]:
        sys.stdin.read()
"""


def test_a_program_that_ends_while_batches_wait(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(GUARDED, encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, "train.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert not runs(int(ended.stdout))


def test_workers_of_a_killed_program_end(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(GUARDED, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "train.py", "wait"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        worker = int(program.stdout.readline())
        assert runs(worker)
        program.kill()

    ends = time.monotonic() + 60
    while runs(worker) and time.monotonic() < ends:
        time.sleep(0.01)
    assert not runs(worker)


def test_ctrl_c_is_the_programs_affair(tmp_path: Path) -> None:
    """A terminal sends it to all processes of the program."""
    (tmp_path / "train.py").write_text(GUARDED, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "train.py", "wait"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        assert program.stdout is not None
        worker = int(program.stdout.readline())
        os.killpg(program.pid, signal.SIGINT)
        _, errors = program.communicate(timeout=60)

    assert errors.count("Traceback") == errors.count("KeyboardInterrupt") == 1
    assert not runs(worker)


def runs(process: int) -> bool:
    """Whether a process of this number is there, and not only waits for somebody to read its exit code."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_an_epoch_in_arrays_of_the_consumers_own() -> None:
    first: list[Any] = list(DataLoader(NUMBERS, 16, workers=1))

    assert all(array.flags.writeable and array.flags.c_contiguous for batch in first for array in batch)
