from __future__ import annotations

import numpy as np
import pytest

from tapegrad.datasets import ArrayDataset


def test_rows_of_all_arrays() -> None:
    images, labels = np.arange(12.0).reshape(4, 3), np.array([3, 2, 1, 0])
    dataset = ArrayDataset(images, labels)

    assert len(dataset) == 4
    np.testing.assert_array_equal(dataset[[2, 0]][0], [[6, 7, 8], [0, 1, 2]])
    np.testing.assert_array_equal(dataset[[2, 0]][1], [1, 3])
    np.testing.assert_array_equal(dataset[1][0], [3, 4, 5])
    assert dataset[1][1] == 2


@pytest.mark.parametrize("index", [1, slice(0, 4), [0, 1, 2, 3]])
def test_what_it_gives_is_a_copy(index: object) -> None:
    images = np.zeros((4, 3))

    ArrayDataset(images)[index][0][:] = 1

    assert not images.any()


@pytest.mark.parametrize(
    "arrays",
    [(), (np.zeros(()),), (np.zeros((3, 2)), np.zeros(2)), (np.zeros(2), np.zeros(2), np.zeros(3))],
    ids=["none", "no axis", "unequal", "the third"],
)
def test_arrays_that_do_not_belong_together(arrays: tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]) -> None:
    with pytest.raises(ValueError, match="first axes of one length; got"):
        ArrayDataset(*arrays)
