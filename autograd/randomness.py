"""Generators whose draws are no arguments of the functions that draw, so that transformations of those know of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.random import Generator  # a tenth of the time that importing NumPy takes

__all__ = ["generators", "restored", "state", "undrawn"]

generators: list[Callable[[], Generator]] = []
"""For each, a function that returns the generator in use. `nn` adds its own."""


def state() -> list[Any]:
    """The states of all generators."""
    return [generator().bit_generator.state for generator in generators]


def _set(states: list[Any]) -> None:
    for generator, value in zip(generators, states, strict=False):
        generator().bit_generator.state = value


@contextmanager
def restored(states: list[Any]) -> Iterator[None]:
    """Draw once more what was drawn from these states on; afterwards the generators go on where they were."""
    before = state()
    _set(states)
    try:
        yield
    finally:
        _set(before)


@contextmanager
def undrawn(error: Exception) -> Iterator[None]:
    """Raise the error if something is drawn meanwhile, and take it back."""
    before = state()
    yield
    if state() != before:
        _set(before)
        raise error
