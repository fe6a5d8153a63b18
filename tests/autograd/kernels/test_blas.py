"""BLAS keeps to the calling thread while we use it, is then as it was, and multiplies."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from threadpoolctl import threadpool_info

from tapegrad.autograd.kernels import blas
from tapegrad.autograd.kernels.blas import alone, matmul
from tapegrad.autograd.kernels.threads import limit

from .threads.processes import run
from .threads.test_processes import FORK, forking

Count = Callable[[], int]


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Count:
    """How many threads a BLAS has that starts with three, and lets others run while it changes that."""
    threads = [3]

    def set(number: int) -> None:
        threads.append(number)
        sleep(1e-4)

    monkeypatch.setattr(blas, "_openblas", lambda: (lambda: threads[-1], set))
    return lambda: threads[-1]


def test_numpys_own_blas_is_the_one_that_is_told() -> None:
    def counts() -> list[int]:
        libraries = [library for library in threadpool_info() if library["internal_api"] == "openblas"]
        return [library["num_threads"] for library in libraries if "numpy" in library["filepath"]]

    before = counts()
    assert (blas._openblas()[0] is not None) == bool(before)
    with alone:
        assert set(counts()) <= {1}
    assert counts() == before


def test_inside_there_is_one_thread_and_after_it_as_many_as_before(count: Count) -> None:
    for _ in range(2):
        with alone:
            assert count() == 1
        assert count() == 3


def test_after_an_exception_too(count: Count) -> None:
    with pytest.raises(ZeroDivisionError), alone:
        1 / 0  # noqa: B018
    assert count() == 3


def test_inside_each_other(count: Count) -> None:
    with alone:
        with alone:
            assert count() == 1
        assert count() == 1
    assert count() == 3


def test_a_blas_of_one_thread_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(blas, "_openblas", lambda: (lambda: 1, told.append))
    with alone:
        pass
    assert told == []


def test_another_blas_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(blas, "_openblas", lambda: (None, told.append))
    with alone:
        pass
    assert told == []


def test_several_threads_at_once(count: Count) -> None:
    """The last to leave puts back what the first found, whoever that is."""
    everybody = Barrier(4)

    def come_and_go(number: int) -> list[int]:
        seen = []
        for turn in range(50):
            everybody.wait()
            with alone:
                everybody.wait()
                seen.append(count())
                if number == turn % 4:  # who stays longest
                    everybody.wait()
                    seen.append(count())
            if number != turn % 4:
                everybody.wait()
        return seen

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(come_and_go, range(4)))

    assert {number for numbers in seen for number in numbers} == {1}
    assert count() == 3


@forking
@pytest.mark.parametrize("held", ["alone", "alone._lock"])
def test_a_forked_child_is_not_inside(held: str) -> None:
    """Nor does it wait for who was about to come in or go out."""
    code = f"""
{FORK}
from tapegrad.autograd.kernels.blas import _openblas, alone, matmul
get = _openblas()[0] or (lambda: 1)
before = get()
inside, leave = threading.Event(), threading.Event()
def stay():
    with {held}:
        inside.set()
        leave.wait()
thread = threading.Thread(target=stay)
thread.start()
inside.wait()
def work():
    assert get() == before
    assert (matmul(np.ones((64, 64)), np.ones((64, 64))) == 64).all()
    assert get() == before
status = in_child(work)
leave.set()
thread.join()
print(status)
"""
    assert run(code) == (0, "0", "")


def test_it_multiplies_alone(count: Count, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def multiply(*args: Any, **options: Any) -> Any:
        seen.append(count())
        return np.multiply(1, 1)

    monkeypatch.setattr(limit, "_count", 2)
    monkeypatch.setattr(np, "matmul", multiply)
    matmul(np.ones((1024, 64)), np.ones((64, 64)))

    assert seen == [1, 1]
    assert count() == 3


@given(
    st.tuples(*[st.integers(0, 20)] * 3),
    st.tuples(*[st.sampled_from(("float32", "float64", "complex64", "int64"))] * 2),
    st.tuples(*[st.sampled_from((slice(None), slice(None, None, -1), slice(None, None, 2)))] * 2),
    st.integers(1, 5),
)
@settings(max_examples=settings().max_examples * 4)
def test_matmul_is_numpys(
    shape: tuple[int, int, int], dtypes: tuple[str, str], steps: tuple[slice, slice], threads: int
) -> None:
    N, K, O = shape
    random = np.random.default_rng(0)
    a: Any = random.integers(-9, 10, (2 * N, K)).astype(dtypes[0])[:N][steps[0]]
    b: Any = random.integers(-9, 10, (O, K)).astype(dtypes[1])[steps[1]].T
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limit, "_count", threads)
        patch.setattr(blas, "_SMALL", 64)  # so that some of these are large
        patch.setattr(blas, "_LARGE", 512)
        y = matmul(a, b)

    np.testing.assert_array_equal(y, a @ b, strict=True)


@pytest.mark.parametrize("shape", [(2000, 64, 30), (30, 64, 2000), (128, 128, 128)])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_large_products(shape: tuple[int, int, int], threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    N, K, O = shape
    monkeypatch.setattr(limit, "_count", threads)
    random = np.random.default_rng(0)
    a, b = random.integers(-9, 10, (N, K)).astype(float), random.integers(-9, 10, (K, O)).astype(float)

    np.testing.assert_array_equal(matmul(a, b), a @ b, strict=True)
