"""One setting for kernels and BLAS, by call and by environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

import tapegrad as tg
from tapegrad.autograd.kernels.threads import limit

from .processes import run


@pytest.fixture
def restored() -> Iterator[None]:
    with threadpool_limits():
        before = tg.get_num_threads()
        yield
        limit._count = before


def blas() -> set[int]:
    """What each BLAS uses."""
    assert np.ones((2, 2)) @ np.ones(2) is not None
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("count", [1, 2, np.int64(2)])
def test_kernels_and_blas_follow(count: int) -> None:
    tg.set_num_threads(count)
    assert tg.get_num_threads() == count
    assert blas() == {count}


@pytest.mark.parametrize(
    ("count", "error", "text"),
    [
        (0, ValueError, "set_num_threads: count must be at least 1, got 0"),
        (-3, ValueError, "set_num_threads: count must be at least 1, got -3"),
        (1.5, TypeError, "'float' object cannot be interpreted as an integer"),
        ("2", TypeError, "'str' object cannot be interpreted as an integer"),
    ],
)
def test_bad_counts_change_nothing(count: Any, error: type[Exception], text: str) -> None:
    before = tg.get_num_threads(), blas()
    with pytest.raises(error, match=text):
        tg.set_num_threads(count)
    assert (tg.get_num_threads(), blas()) == before


@pytest.mark.usefixtures("restored")
def test_without_threadpoolctl_kernels_follow_and_the_user_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    before = blas()
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    with pytest.warns(RuntimeWarning, match=r"BLAS does not.*pip install threadpoolctl") as caught:
        tg.set_num_threads(3)
    monkeypatch.undo()
    assert caught[0].filename == __file__
    assert tg.get_num_threads() == 3
    assert blas() == before


SHOW = """
from threadpoolctl import threadpool_info
print(get_num_threads(), *{b["num_threads"] for b in threadpool_info() if b["user_api"] == "blas"})
"""


def test_the_environment_variable_sets_both() -> None:
    assert run(SHOW, TAPEGRAD_NUM_THREADS=" 1 ") == (0, "1 1", "")


def test_without_it_all_cores_that_the_process_may_use() -> None:
    code = "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\nprint(threads.limit._usable_cores())"
    if not hasattr(os, "sched_setaffinity"):
        code = "print(threads.limit._usable_cores() // os.cpu_count())"
    assert run(f"from tapegrad.autograd.kernels import threads\n{code}", TAPEGRAD_NUM_THREADS="") == (0, "1", "")


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", "1 2"])
def test_a_bad_variable_is_named(value: str) -> None:
    status, _, errors = run("", TAPEGRAD_NUM_THREADS=value)
    assert status == 1
    assert errors.splitlines()[-1].startswith("ValueError: the environment variable TAPEGRAD_NUM_THREADS must be")
    assert repr(value) in errors or f"got {value}" in errors
