from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad.datasets import ArrayDataset, DataLoader, Subset, random_split

DATASET = ArrayDataset(np.arange(60.0).reshape(20, 3), np.arange(20))


def rows_of(part: Subset) -> list[int]:
    rows: list[int] = part[:][1].tolist()
    return rows


def test_a_validation_part() -> None:
    train, validation = random_split(DATASET, [0.9, 0.1])

    assert (len(train), len(validation)) == (18, 2)
    assert sorted(rows_of(train) + rows_of(validation)) == list(range(20))
    assert rows_of(train) != sorted(rows_of(train))
    [(images, labels)] = DataLoader(validation, batch_size=2)
    np.testing.assert_array_equal(images[:, 0], 3.0 * labels)


@given(st.integers(300, 2000), st.lists(st.integers(1, 50), min_size=1, max_size=6), st.integers(0, 2**64))
def test_each_row_in_exactly_one_part(length: int, weights: list[int], seed: int) -> None:
    dataset = ArrayDataset(np.zeros(length), np.arange(length))
    fractions = [weight / sum(weights) for weight in weights]

    parts = random_split(dataset, fractions, seed=seed)

    assert sorted(row for part in parts for row in rows_of(part)) == list(range(length))
    for part, fraction in zip(parts, fractions, strict=True):
        assert abs(len(part) - length * fraction) <= 1


def test_the_seed_fixes_the_parts() -> None:
    first, second, other = (random_split(DATASET, [0.5, 0.5], seed=seed)[0] for seed in (3, 3, 4))

    assert rows_of(first) == rows_of(second)
    assert rows_of(first) != rows_of(other)


@pytest.mark.parametrize("fractions", [[], [0.9, 0.2], [0.5], [1.5, -0.5], [1.0, 0.0], [float("nan"), 1.0], [18, 2]])
def test_wrong_fractions(fractions: list[float]) -> None:
    with pytest.raises(ValueError, match="fractions: expected positive numbers that add up to 1; got"):
        random_split(DATASET, fractions)


def test_an_empty_part() -> None:
    with pytest.raises(ValueError, match=r"20 rows make parts of \[20, 0\] rows"):
        random_split(DATASET, [0.99, 0.01])


def test_a_subset_of_a_subset() -> None:
    subset = Subset(Subset(DATASET, [19, 5, 7, 7]), slice(1, None))

    assert len(subset) == 3
    assert rows_of(subset) == [5, 7, 7]
    assert subset[0][1] == 5
    assert subset[-1][1] == 7
    assert subset[[2, 0]][1].tolist() == [7, 5]
    assert subset[np.array([True, False, True])][1].tolist() == [5, 7]


@pytest.mark.parametrize(("indices", "error"), [([20], IndexError), ([0.5], TypeError), ([[1]], IndexError)])
def test_rows_that_the_data_set_does_not_have(indices: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Subset(DATASET, indices)
    with pytest.raises(IndexError, match="row 3 of a data set with 3 rows"):
        Subset(DATASET, [1, 2, 3])[3]


def test_indices_are_the_subsets_own() -> None:
    indices = np.array([1, 2])
    subset = Subset(DATASET, indices)
    indices[:] = 0

    assert rows_of(subset) == [1, 2]
