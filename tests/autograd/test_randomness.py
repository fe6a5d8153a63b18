"""Generators that transformations know of: drawing the same again, and noticing that something was drawn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tapegrad.autograd import randomness


@pytest.fixture
def generator() -> Iterator[np.random.Generator]:
    """One that is known."""
    known = np.random.default_rng(0)
    randomness.generators.append(lambda: known)
    yield known
    randomness.generators.pop()


def test_draws_are_repeated_and_then_go_on(generator: np.random.Generator) -> None:
    states = randomness.state()
    first = generator.random(3).tolist()
    position = generator.bit_generator.state
    with randomness.restored(states):
        assert generator.random(3).tolist() == first
        generator.random(5)
    assert generator.bit_generator.state == position
    with pytest.raises(ZeroDivisionError), randomness.restored(states):
        raise ZeroDivisionError
    assert generator.bit_generator.state == position


def test_draws_are_noticed_and_taken_back(generator: np.random.Generator) -> None:
    before = generator.bit_generator.state
    with randomness.undrawn(ValueError("drawn")):
        np.random.default_rng(0).random()
    with pytest.raises(ValueError, match="drawn"), randomness.undrawn(ValueError("drawn")):
        generator.random()
    assert generator.bit_generator.state == before
