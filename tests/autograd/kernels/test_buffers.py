"""No two live arrays share memory, whoever holds it in whatever way; and memory is used again, but not hoarded."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from numpy.typing import NDArray

import tapegrad as tg
from tapegrad.autograd.kernels import buffers
from tapegrad.autograd.kernels.buffers import empty

LARGE = (1 << 17) // 4  # numbers in float32 from which memory is kept


@pytest.fixture(autouse=True)
def pool_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(buffers, "_most_used", 0)
    tg.empty_cache()
    yield
    tg.empty_cache()


def address(array: NDArray[Any]) -> int:
    return int(array.__array_interface__["data"][0])


def kept() -> int:
    """Bytes that the pool holds, in use or not."""
    shelves = buffers._shelves.values()
    return sum(owner.size for shelf in shelves for owner, _ in (*shelf.young, *shelf.old))


shapes = st.lists(st.integers(1, 90), min_size=1, max_size=4).map(tuple)
dtypes = st.sampled_from([np.float32, np.float64, "f2", np.int64, "?", "c16", ">f4", np.dtype("u1")])


@given(shape=shapes | st.just((0, 1 << 20)) | st.just(()), dtype=dtypes)
def test_it_is_what_numpy_makes(shape: tuple[int, ...], dtype: Any) -> None:
    array, expected = empty(shape, dtype), np.empty(shape, dtype)

    assert type(array) is np.ndarray
    assert (array.shape, array.dtype, array.strides) == (expected.shape, expected.dtype, expected.strides)
    assert str(array.flags).replace("OWNDATA : False", "OWNDATA : True") == str(expected.flags)
    if array.nbytes >= 1 << 17:
        assert address(array) % 64 == 0
        assert array.base is not None


def test_objects_are_never_taken_for_used_memory() -> None:
    array = empty((LARGE,), object)
    assert array.base is None
    assert array[0] is None


@pytest.mark.parametrize(("shape", "error"), [((-1,), ValueError), ((-(1 << 10), -(1 << 10)), ValueError)])
def test_impossible_shapes_are_refused_as_by_numpy(shape: tuple[int, ...], error: type[Exception]) -> None:
    with pytest.raises(error, match="negative dimensions"):
        empty(shape, np.float32)


class Crowd:
    """Live arrays, each full of its own number; some held as parts of what was handed out."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.live: dict[int, NDArray[Any]] = {}

    def take(self, number: int) -> None:
        shape = tuple(self.rng.integers(150, 260, size=2)), tuple(self.rng.integers(20, 50, size=3))
        array = empty(shape[number % 2], [np.float32, np.float64][number % 3 % 2])
        array[...] = number
        part = [lambda a: a, lambda a: a[1:], lambda a: a.T[::2], lambda a: a.reshape(-1)[-1:], lambda a: a.view("u1")]
        self.live[number] = part[self.rng.integers(len(part))](array)

    def drop(self) -> None:
        number = self.rng.choice(list(self.live))
        self.check(number)
        del self.live[number]

    def check(self, number: int) -> None:
        array = self.live[number]
        if array.dtype == np.uint8:
            array = array.view([np.float32, np.float64][number % 3 % 2])
        assert (array == number).all()

    def run(self, start: int, stop: int) -> None:
        for number in range(start, stop):
            self.take(number)
            while len(self.live) > 12 or (self.live and self.rng.random() < 0.4):
                self.drop()
        for number in self.live:
            self.check(number)


@given(seed=st.integers(0, 10_000), period=st.sampled_from([1, 7, 1 << 12]))
def test_no_two_live_arrays_overlap(seed: int, period: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buffers, "_PERIOD", period)
        Crowd(seed).run(1, 60)


def test_no_two_live_arrays_of_several_threads_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """All take arrays of one size, and the interpreter switches between them as often as it can."""
    monkeypatch.setattr(buffers, "_PERIOD", 50)
    interval = sys.getswitchinterval()
    wrong: list[int] = []

    def work(thread: int) -> None:
        for number in range(1000 * thread, 1000 * thread + 300):
            arrays = [empty((LARGE,), np.float32) for _ in range(1 + number % 3)]
            for array in arrays:
                array[::1024] = number
            time.sleep(0)
            wrong.extend(number for array in arrays if (array[::1024] != number).any())

    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []


def test_memory_is_used_again_for_about_the_same_size() -> None:
    first = empty((LARGE * 8,), np.float32)
    where = address(first)
    del first
    for numbers in (LARGE * 8 - 1, LARGE * 8 - LARGE // 3, LARGE * 8):
        assert address(empty((numbers,), np.float32)) == where
    assert address(empty((LARGE * 2, 2), np.float64)) == where


@given(nbytes=st.integers(1 << 17, 1 << 26))
def test_a_ninth_of_new_memory_is_wasted_at_most(nbytes: int) -> None:
    tg.empty_cache()
    array = empty((nbytes,), np.uint8)
    assert array.base is not None
    assert nbytes <= array.base.nbytes - 64 <= nbytes * 9 / 8


def test_unused_memory_of_up_to_twice_the_size_does_too() -> None:
    """Else layers of different sizes, one after the other, would have memory each."""
    where = address(empty((LARGE * 16,), np.float32))
    for part in (10, 12, 8, 16, 9):
        assert address(empty((LARGE * part,), np.float32)) == where
    assert address(empty((LARGE * 7,), np.float32)) != where
    assert address(empty((LARGE * 17,), np.float32)) != where


HOLDERS: dict[str, Callable[[Any], Any]] = {
    "itself": lambda a: a,
    "a view of a view": lambda a: a[1:].reshape(-1)[5:],
    "a transposed view of another dtype": lambda a: a.view(np.int32).T,
    "broadcast": lambda a: np.broadcast_to(a, (2, *a.shape)),
    "strided tricks": lambda a: np.lib.stride_tricks.sliding_window_view(a, 2, axis=0),
    "a subclass": lambda a: a.view(np.matrix) if a.ndim == 2 else a.view(np.recarray),
    "an iterator": lambda a: a.flat,
    "memoryview": memoryview,
    "a slice of a memoryview": lambda a: memoryview(a)[1:],
    "frombuffer": lambda a: np.frombuffer(a, np.uint8),
    "frombuffer of a memoryview": lambda a: np.frombuffer(memoryview(a.reshape(-1)).cast("B"), np.float32),
    "asarray of an interface": lambda a: np.asarray(SimpleNamespace(__array_interface__=a.__array_interface__, a=a)),
    "ctypes": lambda a: (ctypes.c_char * a.nbytes).from_buffer(a),
    "a ctypes pointer": lambda a: a.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
    "torch": torch.from_numpy,
    "a part of it in torch": lambda a: torch.from_numpy(a)[3:],
    "DLPack": lambda a: a.__dlpack__(),
    "from DLPack": np.from_dlpack,
    "a tensor": lambda a: tg.tensor(a, copy=False),
}  # fmt: skip


@pytest.mark.parametrize("name", HOLDERS)
def test_memory_that_somebody_holds_is_not_used_again(name: str) -> None:
    array = empty((64, LARGE // 16), np.float32)
    where = address(array)
    held = HOLDERS[name](array)
    del array

    others = [empty((64, LARGE // 16), np.float32) for _ in range(3)]
    assert where not in map(address, others)

    del held
    gc.collect()  # ctypes and some views make cycles
    others += [empty((64, LARGE // 16), np.float32) for _ in range(3)]
    assert where in map(address, others)


def test_results_that_a_user_keeps_stay() -> None:
    x = tg.tensor(np.ones((4, 8, 64, 64), np.float32), requires_grad=True)
    w = tg.tensor(np.ones((8, 8, 3, 3), np.float32), requires_grad=True)
    conv = tg.nn.functional.conv2d
    y = conv(x, w, padding=1)
    array = y.numpy()
    before = array.copy()
    y.sum().backward()
    assert x.grad is not None
    gradient, copied = x.grad.data, x.grad.numpy().copy()
    del y
    for value in range(5):
        z = conv(x * float(value), w, padding=1)
        z.sum().backward()
        x.grad = None
    np.testing.assert_array_equal(array, before)
    np.testing.assert_array_equal(gradient, copied)


def touch(make: Callable[..., NDArray[Any]]) -> None:
    """What a training step does: results that stay until their gradients are there."""
    results = []
    for numbers in (1 << 20, 1 << 18, 3 << 18, 1 << 16):
        results.append(make((numbers,), np.float32))
        results[-1][:] = 1
    while results:
        gradient = make(results[-1].shape, np.float32)
        gradient[:] = results.pop()


@pytest.mark.skipif(sys.platform != "linux", reason="counts the page faults as Linux does")
def test_steps_touch_no_fresh_pages_after_the_first() -> None:
    from resource import RUSAGE_SELF, getrusage

    def faults(make: Callable[..., NDArray[Any]]) -> int:
        for _ in range(3):
            touch(make)
        before = getrusage(RUSAGE_SELF).ru_minflt
        for _ in range(20):
            touch(make)
        return getrusage(RUSAGE_SELF).ru_minflt - before

    assert faults(empty) < 20


def test_only_what_is_used_is_kept() -> None:
    """With sizes that change all the time: twice what is in use at one time, at most."""
    rng = np.random.default_rng(0)
    for _ in range(300):
        numbers = int(rng.integers(LARGE, 40 * LARGE))
        batch = [empty((numbers,), np.float32) for _ in range(3)]
        del batch
        assert 0 < kept() <= 2 * 9 / 8 * 3 * 40 * LARGE * 4


def test_what_is_not_needed_any_more_goes_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffers, "_PERIOD", 100)
    large = [empty((LARGE * 50,), np.float32) for _ in range(4)]
    long_lived = empty((LARGE * 3,), np.float32)
    long_lived[:] = 7
    del large
    most = kept()
    for _ in range(210):
        pair = empty((LARGE,), np.float32), empty((LARGE,), np.float32)
        pair[0][:] = pair[1][:] = 1
        del pair
    assert kept() == 2 * (LARGE * 4 + 64) < most / 50
    assert (long_lived == 7).all()


def test_the_most_that_is_in_use_at_one_time_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Periods end anywhere in a step."""
    monkeypatch.setattr(buffers, "_PERIOD", 37)
    made: list[int] = []
    make = buffers._made

    def noted(size: int) -> Any:
        made.append(size)
        return make(size)

    monkeypatch.setattr(buffers, "_made", noted)

    def step() -> None:
        results = [empty((LARGE * (1 + number % 3),), np.float32) for number in range(8)]
        while results:
            empty(results.pop().shape, np.float32)

    step()
    first = len(made)
    for _ in range(50):
        step()
    assert len(made) == first


def test_the_cache_can_be_emptied() -> None:
    used, unused = empty((LARGE,), np.float32), empty((LARGE * 20,), np.float32)
    used[:] = 3
    del unused
    assert kept() >= LARGE * 21 * 4
    tg.empty_cache()
    assert kept() == 0
    other = empty((LARGE,), np.float32)
    other[:] = 4
    assert (used == 3).all()


def test_memory_that_is_kept_is_given_up_before_there_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    empty((LARGE * 10,), np.float32)
    calls, numpy_empty = [], np.empty

    def first_fails(*args: Any) -> NDArray[Any]:
        calls.append(kept())
        if len(calls) == 1:
            raise MemoryError
        return numpy_empty(*args)

    monkeypatch.setattr(np, "empty", first_fails)
    assert empty((LARGE * 2,), np.float32).shape == (LARGE * 2,)
    assert calls[0] > 0
    assert calls[1] == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_has_memory_of_its_own() -> None:
    array = empty((LARGE,), np.float32)
    array[:] = 1
    child = os.fork()
    if not child:
        status = 1
        try:
            others = [empty((LARGE,), np.float32) for _ in range(3)]
            for other in others:
                other[:] = 2
            status = int(not (array == 1).all())
            array[:] = 5
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    assert (array == 1).all()


def test_small_arrays_are_numpys() -> None:
    assert empty((LARGE - 1,), np.float32).base is None
