from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad.datasets import ArrayDataset, DataLoader, ImageDataset, Subset, random_split, samples_per_class

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


@pytest.mark.parametrize(
    "lengths",
    [[], [0.9, 0.2], [0.5], [1.5, -0.5], [1.0, 0.0], [float("nan"), 1.0], [18, 3], [22, -2], [20, 0], [18.0, 2.0]],
)
def test_wrong_lengths(lengths: list[float]) -> None:
    with pytest.raises(
        ValueError, match="lengths: expected positive numbers that add up to 1, or integers that add up"
    ):
        random_split(DATASET, lengths)


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


def test_rows_in_each_part_as_pytorch_has_them() -> None:
    assert [rows_of(part) for part in random_split(DATASET, [15, 5], seed=1)] == [
        rows_of(part) for part in random_split(DATASET, [0.75, 0.25], seed=1)
    ]
    [whole] = random_split(ArrayDataset(np.zeros(1), np.zeros(1)), [1])
    assert len(whole) == 1


CLASSES = np.array([0] * 100 + [3] * 40 + [7] * 300)[np.random.default_rng(0).permutation(440)]
CLASSIFIED = ArrayDataset(np.arange(440), CLASSES)


@given(st.integers(0, 1000))
def test_each_part_gets_its_share_of_every_class(seed: int) -> None:
    parts = random_split(CLASSIFIED, [0.5, 0.3, 0.2], seed, stratify=True)

    assert [len(part) for part in parts] == [220, 132, 88]
    assert sorted(row for part in parts for row in part[:][0].tolist()) == list(range(440))
    for part, shares in zip(parts, [[50, 20, 150], [30, 12, 90], [20, 8, 60]], strict=True):
        counts = np.unique(part[:][1], return_counts=True)[1]
        np.testing.assert_allclose(counts, shares, atol=1)
        assert np.abs(np.corrcoef(np.arange(len(part)), part[:][1])[0, 1]) < 0.5  # not sorted by class
    other, *_ = random_split(CLASSIFIED, [0.5, 0.3, 0.2], seed + 1, stratify=True)
    assert not np.array_equal(parts[0].indices, other.indices)


def test_samples_per_class() -> None:
    chosen = samples_per_class(CLASSIFIED, 40, seed=5)

    rows, labels = chosen[:]
    assert np.unique(labels, return_counts=True)[1].tolist() == [40, 40, 40]
    assert len(set(rows.tolist())) == 120
    np.testing.assert_array_equal(labels, CLASSES[rows])
    assert (np.diff(labels) != 0).sum() > 2  # classes are mixed
    np.testing.assert_array_equal(samples_per_class(CLASSIFIED, 40, seed=5).indices, chosen.indices)
    assert not np.array_equal(samples_per_class(CLASSIFIED, 40, seed=6).indices, chosen.indices)


def test_samples_per_class_of_parts_and_images() -> None:
    images = ImageDataset(np.arange(60, dtype=np.uint8).reshape(60, 1, 1), np.arange(60) % 3, white=1)
    first, _ = random_split(images, [30, 30])

    pixels, labels = samples_per_class(first, 5)[:]

    assert np.bincount(labels).tolist() == [5, 5, 5]
    np.testing.assert_array_equal(pixels.reshape(15) % 3, labels)
    assert set(pixels.reshape(15)) <= set(first[:][0].reshape(30))


def test_more_samples_than_a_class_has() -> None:
    with pytest.raises(ValueError, match=r"asked for 101 rows of each class; class 0 has 100, class 3 has 40$"):
        samples_per_class(CLASSIFIED, 101)
    with pytest.raises(ValueError, match="count: expected an integer >= 1; got 0"):
        samples_per_class(CLASSIFIED, 0)


@pytest.mark.parametrize("arrays", [(np.zeros(4),), (np.zeros(4), np.zeros(4)), (np.zeros(4), np.zeros((4, 2), int))])
def test_no_class_to_choose_by(arrays: Any) -> None:
    with pytest.raises(TypeError, match=r"expected a data set with one integer label a row, \(4,\); got float64|int64"):
        samples_per_class(ArrayDataset(*arrays), 1)
