from __future__ import annotations

import numpy as np
import pytest

from tapegrad.datasets import sample_grid


def test_a_grid() -> None:
    images = np.arange(5 * 2 * 3, dtype=np.uint8).reshape(5, 1, 2, 3)

    grid = sample_grid(images, 2, gap=1)

    expected = np.full((8, 7), 29, dtype=np.uint8)
    expected[0:2, 0:3], expected[0:2, 4:7] = images[0, 0], images[1, 0]
    expected[3:5, 0:3], expected[3:5, 4:7] = images[2, 0], images[3, 0]
    expected[6:8, 0:3] = images[4, 0]
    np.testing.assert_array_equal(grid, expected)
    assert grid.dtype == np.uint8
    np.testing.assert_array_equal(sample_grid(images[:, 0], 2, gap=1, fill=7)[2], np.full(7, 7))


def test_without_gaps_and_with_fewer_images_than_columns() -> None:
    images = np.random.default_rng(0).random((3, 4, 4), dtype=np.float32)

    np.testing.assert_array_equal(sample_grid(images, gap=0), np.concatenate(images, axis=1))
    assert sample_grid(images).shape == (4, 16)


def test_what_is_no_grid() -> None:
    with pytest.raises(ValueError, match=r"got shape \(5, 3, 2, 2\)"):
        sample_grid(np.zeros((5, 3, 2, 2)))
    with pytest.raises(ValueError, match=r"expected one or more images .* got shape \(0, 2, 2\)"):
        sample_grid(np.zeros((0, 2, 2)))
    with pytest.raises(ValueError, match="columns: expected an integer >= 1; got 0"):
        sample_grid(np.zeros((1, 2, 2)), 0)
