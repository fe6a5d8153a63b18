from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad.datasets.transforms import Pad, RandomCutout


@pytest.mark.parametrize(
    ("padding", "rows", "columns"), [(2, (2, 2), (2, 2)), ((1, 3), (3, 3), (1, 1)), ([1, 2, 3, 4], (2, 4), (1, 3))]
)
def test_pad(padding: Any, rows: tuple[int, int], columns: tuple[int, int], images: NDArray[np.float32]) -> None:
    expected = np.pad(images, ((0, 0), (0, 0), rows, columns), constant_values=0.5)

    np.testing.assert_array_equal(Pad(padding, fill=0.5)(images), expected)


def test_padding_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="padding: expected an integer >= 0; got -1"):
        Pad((1, -1))
    with pytest.raises(TypeError, match=r"padding: expected an integer >= 0; got 1\.5"):
        Pad(1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"padding: expected pixels; or \(left and right, top and bottom\)"):
        Pad((1, 2, 3))  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [1, 3, 4])
def test_cutout_fills_one_square_around_any_pixel(size: int) -> None:
    images = np.ones((4000, 2, 6, 9), dtype=np.float32)

    cut = RandomCutout(size, fill=0.25)(images, np.random.default_rng(0))

    hole = cut == 0.25
    assert ((cut == 1) | hole).all()
    assert (hole[:, 0] == hole[:, 1]).all()
    rows, columns = hole[:, 0].any(axis=2), hole[:, 0].any(axis=1)
    np.testing.assert_array_equal(hole[:, 0], rows[:, :, np.newaxis] & columns[:, np.newaxis])
    for side in (rows, columns):
        assert side.sum(axis=1).max() == size
        assert side.sum(axis=1).min() == (size + 1) // 2  # around a corner pixel
        assert side.any(axis=0).all()
        assert (np.abs(np.diff(side, axis=1)).sum(axis=1) <= 2).all()  # in one piece


def test_cutout_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="size: expected an integer >= 1; got 0"):
        RandomCutout(0)
    with pytest.raises(TypeError, match=r"size: expected an integer >= 1; got 2\.5"):
        RandomCutout(2.5)  # type: ignore[arg-type]
