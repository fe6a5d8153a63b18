from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from tapegrad.datasets.transforms import (
    Affine,
    RandomRotation,
    RandomScale,
    RandomShift,
    Rotation,
    Scale,
    Shift,
    geometry,
)
from tapegrad.datasets.transforms.affine import affine


def test_whole_shifts_move_pixels_exactly(images: NDArray[np.float32]) -> None:
    expected = np.zeros_like(images)
    expected[:, :, :-3, 2:] = images[:, :, 3:, :-2]

    np.testing.assert_array_equal(Shift(2, -3)(images), expected)


def test_fractional_shifts_mix_neighbours(images: NDArray[np.float32]) -> None:
    expected = ndimage.shift(images.astype(np.float64), (0, 0, 0.25, -1.5), order=1, mode="grid-constant", cval=0.5)

    np.testing.assert_allclose(Shift(-1.5, 0.25, fill=0.5)(images), expected, atol=1e-5)


def test_rotation_and_scale_are_affine(images: NDArray[np.float32]) -> None:
    np.testing.assert_array_equal(Rotation(25, fill=0.3)(images), Affine(25, fill=0.3)(images))
    np.testing.assert_array_equal(Scale(1.3, fill=0.3)(images), Affine(scale=1.3, fill=0.3)(images))


def test_scale_above_one_is_larger() -> None:
    square = np.zeros((1, 1, 20, 20), dtype=np.float32)
    square[:, :, 8:12, 8:12] = 1

    for factor in (0.5, 2.0):
        assert Scale(factor)(square).sum() == pytest.approx(16 * factor**2, rel=0.01)


def test_whole_random_shifts_take_each_whole_number_of_the_range() -> None:
    dot = np.zeros((3000, 1, 9, 9), dtype=np.float32)
    dot[:, :, 4, 4] = 1

    moved = RandomShift((-1.5, 2.5), whole=True)(dot, np.random.default_rng(0))

    assert set(np.unique(moved)) == {0, 1}
    counts = moved.sum(axis=(0, 1))
    assert {*zip(*np.nonzero(counts), strict=True)} == {(row, column) for row in range(3, 7) for column in range(3, 7)}
    assert counts[3:7, 3:7].min() > 120  # 187 each are expected


def test_random_rotation_reaches_both_ends() -> None:
    line = np.zeros((500, 1, 31, 31), dtype=np.float32)
    line[:, :, 15, 15:] = 1

    turned = RandomRotation((10, 40))(line, np.random.default_rng(0))[:, 0]

    rows, columns = np.mgrid[:31, :31]
    mass = turned.sum(axis=(1, 2))
    angle = np.degrees(
        np.arctan2(15 - (turned * rows).sum(axis=(1, 2)) / mass, (turned * columns).sum(axis=(1, 2)) / mass - 15)
    )
    assert 9.5 < angle.min() < 11
    assert 39 < angle.max() < 40.5


def test_random_scale_reaches_both_ends() -> None:
    square = np.zeros((500, 1, 30, 30), dtype=np.float32)
    square[:, :, 10:20, 10:20] = 1

    factor = np.sqrt(RandomScale((0.5, 1.4))(square, np.random.default_rng(0)).sum(axis=(1, 2, 3)) / 100)

    assert 0.48 < factor.min() < 0.53
    assert 1.37 < factor.max() < 1.42


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match=r"pixels: expected a >= 0, which stands for the range \(-a, a\).*got -2"):
        RandomShift(-2)
    with pytest.raises(ValueError, match=r"pixels: expected a range with a whole number in it; got \(0.2, 0.8\)"):
        RandomShift((0.2, 0.8), whole=True)
    with pytest.raises(ValueError, match=r"degrees: expected a range \(low, high\) with low <= high; got \(5, -5\)"):
        RandomRotation((5, -5))
    with pytest.raises(TypeError, match="degrees: expected a number, or a range"):
        RandomRotation((1, 2, 3))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="factor: expected a positive number"):
        RandomScale((0, 1))
    with pytest.raises(ValueError, match="factor: expected a positive number"):
        Scale(0)
    with pytest.raises(TypeError, match="down: expected a number; got None"):
        Shift(1, None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="fill: expected a number"):
        Rotation(1, "black")  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(70, 1, 9, 7), (5, 3, 4, 9), (0, 1, 3, 3), (3, 1, 1, 1), (3, 1, 0, 4)])
def test_whole_shifts_are_those_of_resampling_bit_by_bit(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    images = rng.random(shape, dtype=np.float32)
    for reach in (2, 40):
        right, down = rng.integers(-reach, reach, (2, len(images)), endpoint=True)
        expected = affine(images, right=right.astype(np.float64), down=down.astype(np.float64), fill=0.25)
        np.testing.assert_array_equal(geometry.moved(images, right, down, 0.25), expected)
