"""Grad mode: nested, in decorators, per thread, per task, and never left behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import tapegrad as tg
from tapegrad import enable_grad, no_grad, tensor
from tapegrad.autograd import grad, is_grad_enabled

X = tensor(2.0, requires_grad=True)


def records() -> bool:
    return (X * 2).requires_grad


def test_results_under_no_grad_are_not_tracked() -> None:
    with no_grad():
        assert not is_grad_enabled()
        y = X * X
    assert is_grad_enabled()
    assert not y.requires_grad
    assert (X * X).requires_grad


def test_modes_nest() -> None:
    with no_grad():
        with enable_grad():
            assert records()
            with no_grad():
                assert not records()
            assert is_grad_enabled()
        assert not is_grad_enabled()


def test_the_mode_comes_back_after_an_error() -> None:
    @no_grad()
    def fail() -> None:
        raise KeyError(is_grad_enabled())

    with pytest.raises(KeyError, match="False"):
        fail()
    with pytest.raises(KeyError, match="'b'"), no_grad():
        _ = {"a": 1}["b"]
    assert is_grad_enabled()


def test_one_context_manager_can_be_entered_again_and_inside_itself() -> None:
    context = no_grad()
    for _ in range(2):
        with context:
            with context:
                assert not is_grad_enabled()
            assert not is_grad_enabled()
        assert is_grad_enabled()


def test_as_a_decorator() -> None:
    @no_grad()
    def f(x: Any, *, factor: float = 2) -> Any:
        """Doubles."""
        return x * factor

    assert not f(X, factor=3).requires_grad
    assert (f.__name__, f.__doc__) == ("f", "Doubles.")
    assert enable_grad()(f)(X).item() == 4
    assert is_grad_enabled()

    @no_grad()
    def recursive(n: int) -> bool:
        return is_grad_enabled() if n == 0 else recursive(n - 1)

    assert not recursive(5)


def generator() -> Iterator[int]:
    yield 1


async def coroutine() -> None:
    pass


async def asynchronous_generator() -> AsyncIterator[int]:
    yield 1


@pytest.mark.parametrize("mode", [no_grad, enable_grad])
@pytest.mark.parametrize("function", [generator, coroutine, asynchronous_generator])
def test_what_runs_later_cannot_be_decorated(mode: Any, function: Callable[..., Any]) -> None:
    with pytest.raises(
        TypeError, match=rf"@{mode.__name__}\(\) cannot decorate {function.__name__}, whose body runs after"
    ):
        mode()(function)


def test_inside_a_transform_recording_is_on() -> None:
    with no_grad():
        assert grad(lambda x: x * x)(3.0).item() == 6
        assert not grad(lambda x: x * x)(X).requires_grad
    assert grad(lambda x: x * x)(X).requires_grad


def test_threads_have_modes_of_their_own() -> None:
    entered, checked = threading.Event(), threading.Event()

    def other() -> bool:
        entered.wait(10)
        try:
            return is_grad_enabled() and (X * 2).requires_grad
        finally:
            checked.set()

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(other)
        with no_grad():
            entered.set()
            assert checked.wait(10)
            assert not is_grad_enabled()
        assert answer.result()


def test_tasks_have_modes_of_their_own() -> None:
    async def silent() -> list[bool]:
        seen = []
        with no_grad():
            for _ in range(5):
                await asyncio.sleep(0)
                seen.append(is_grad_enabled())
        return seen

    async def recording() -> list[bool]:
        seen = []
        for _ in range(5):
            await asyncio.sleep(0)
            seen.append((X * 2).requires_grad)
        return seen

    async def both() -> list[list[bool]]:
        return list(await asyncio.gather(silent(), recording()))

    assert asyncio.run(both()) == [[False] * 5, [True] * 5]


def test_a_task_inherits_the_mode_in_which_it_was_made() -> None:
    async def child() -> bool:
        await asyncio.sleep(0)
        return is_grad_enabled()

    async def parent() -> bool:
        with no_grad():
            task = asyncio.create_task(child())
        return await task

    assert asyncio.run(parent()) is False


def test_backward_in_another_thread() -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    y = (x * x).sum()
    thread = threading.Thread(target=y.backward)
    thread.start()
    thread.join()
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [2, 4]


def test_many_threads_build_and_walk_graphs() -> None:
    def work(seed: int) -> bool:
        for n in range(50):
            x = tensor(float(seed + n), requires_grad=True)
            y = x
            for _ in range(20):
                y = y * 1.5 if (seed + n) % 2 else y + x
            y.backward()
            expected = 1.5**20 if (seed + n) % 2 else 21
            if x.grad is None or x.grad.item() != expected:
                return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(8)))


def test_the_names_at_the_top() -> None:
    assert tg.no_grad is no_grad
    assert tg.enable_grad is enable_grad
