from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st

from tapegrad.datasets.shuffling import permutation


@given(st.integers(0, 1000), st.integers(0, 2**70), st.lists(st.integers(0, 2**32 - 1), max_size=2))
def test_every_number_once_and_the_same_again(length: int, seed: int, stream: list[int]) -> None:
    order = permutation(length, seed, *stream)

    assert order.dtype == np.int64
    assert sorted(order.tolist()) == list(range(length))
    np.testing.assert_array_equal(order, permutation(length, seed, *stream))


def test_the_same_on_every_machine() -> None:
    assert permutation(10, 0).tolist() == [3, 2, 1, 8, 6, 0, 7, 4, 5, 9]
    assert permutation(10, 0, 0).tolist() == [6, 3, 8, 1, 4, 5, 9, 2, 7, 0]
    assert permutation(10, 0, 1).tolist() == [1, 3, 8, 6, 2, 0, 7, 5, 4, 9]
    assert permutation(10, 1, 0).tolist() == [4, 6, 1, 3, 9, 8, 2, 0, 5, 7]


def test_every_order_is_as_likely() -> None:
    counts = np.zeros((4, 4))
    for seed in range(2000):
        counts[np.arange(4), permutation(4, seed)] += 1

    np.testing.assert_allclose(counts / 2000, 0.25, atol=0.05)  # five standard deviations
