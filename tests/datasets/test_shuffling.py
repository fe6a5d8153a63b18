from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st

from tapegrad.datasets.shuffling import generator_of, permutation


@given(st.integers(0, 1000), st.integers(0, 2**70), st.lists(st.integers(0, 2**32 - 1), max_size=2))
def test_every_number_once_and_the_same_again(length: int, seed: int, stream: list[int]) -> None:
    order = permutation(length, seed, *stream)

    assert order.dtype == np.int64
    assert sorted(order.tolist()) == list(range(length))
    np.testing.assert_array_equal(order, permutation(length, seed, *stream))


def test_the_same_on_every_machine() -> None:
    assert permutation(10, 0).tolist() == [4, 7, 8, 9, 5, 2, 0, 3, 6, 1]
    assert permutation(10, 0, 0).tolist() == [8, 4, 3, 6, 5, 7, 2, 9, 0, 1]
    assert permutation(10, 0, 1).tolist() == [1, 6, 2, 0, 7, 5, 9, 8, 4, 3]
    assert permutation(10, 1, 0).tolist() == [7, 0, 8, 5, 1, 2, 9, 4, 3, 6]


@given(st.integers(0, 99))
def test_data_drawn_from_the_same_seed_are_shuffled_too(seed: int) -> None:
    drawn = np.random.default_rng(seed).uniform(size=200)
    shuffled = drawn[permutation(200, seed)]
    assert abs(np.corrcoef(np.arange(200), shuffled)[0, 1]) < 0.4  # of sorted numbers it is 1


def test_every_order_is_as_likely() -> None:
    counts = np.zeros((4, 4))
    for seed in range(2000):
        counts[np.arange(4), permutation(4, seed)] += 1

    np.testing.assert_allclose(counts / 2000, 0.25, atol=0.05)  # five standard deviations


def test_each_batch_has_its_own_random_numbers() -> None:
    places = [(seed, epoch, batch) for seed in (0, 1) for epoch in (0, 1, 2) for batch in (0, 1, 2)]
    words = [generator_of(*place).bit_generator.random_raw(2).tolist() for place in places]

    assert len({tuple(pair) for pair in words}) == len(places)
    assert words == [generator_of(*place).bit_generator.random_raw(2).tolist() for place in places]
    assert words[0] != np.random.default_rng(0).bit_generator.random_raw(2).tolist()
    assert words[0] == [16124687708359971446, 4377543190416604973]  # the same on every machine
