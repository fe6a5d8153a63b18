"""One generator feeds initialisers and dropout, and a seed repeats all of it."""

from __future__ import annotations

import numpy as np

import tapegrad as tg
from tapegrad import nn


def drawn() -> list[float]:
    """A little of everything that draws."""
    layer = nn.Linear(3, 2)
    dropped = nn.Dropout()(tg.tensor(np.ones((4, 4))))
    return [*layer.weight.numpy().flat, *dropped.numpy().flat]


def test_a_seed_repeats_everything() -> None:
    nn.manual_seed(3)
    first = drawn()
    second = drawn()
    nn.manual_seed(3)

    assert drawn() == first
    assert second != first


def test_seeds_differ() -> None:
    nn.manual_seed(3)
    first = drawn()
    nn.manual_seed(4)

    assert drawn() != first


def test_the_generator_is_the_one_in_use() -> None:
    nn.manual_seed(3)
    first = nn.generator().random(4)
    nn.manual_seed(3)

    np.testing.assert_array_equal(nn.generator().random(4), first)
    assert nn.generator() is nn.generator()


def test_a_generator_of_ones_own_leaves_the_shared_one_alone() -> None:
    nn.manual_seed(3)
    expected = nn.generator().random()
    nn.manual_seed(3)

    nn.Linear(2, 2, rng=np.random.default_rng(0))
    nn.functional.dropout(tg.tensor(np.ones(4)), 0.5, rng=np.random.default_rng(0))

    assert nn.generator().random() == expected
