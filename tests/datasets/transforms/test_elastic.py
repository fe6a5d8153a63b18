from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from tapegrad.datasets.transforms import RandomAffine, RandomElastic
from tapegrad.datasets.transforms.elastic import gaussian


@pytest.mark.parametrize("sigma", [0.3, 1.0, 4.0, 20.0])
def test_smoothing_is_scipys(sigma: float) -> None:
    noise = np.random.default_rng(0).uniform(-1, 1, (3, 9, 14))

    smooth = gaussian(9, sigma) @ noise @ gaussian(14, sigma)

    expected = ndimage.gaussian_filter(noise, (0, sigma, sigma), mode="constant")
    np.testing.assert_allclose(smooth, expected, atol=1e-6)


def test_pixels_come_from_where_the_smoothed_noise_says() -> None:
    images = np.random.default_rng(0).random((2, 3, 12, 10), dtype=np.float32)

    changed = RandomElastic(alpha=20, sigma=3, fill=0.5)(images, np.random.default_rng(5))

    noise = 2 * np.random.default_rng(5).random((2, 2, 12, 10), dtype=np.float32).astype(np.float64) - 1
    right, down = 20 * ndimage.gaussian_filter(noise, (0, 0, 3, 3), mode="constant")
    rows, columns = np.mgrid[:12, :10]
    for image in range(2):
        for channel in range(3):
            expected = ndimage.map_coordinates(
                images[image, channel].astype(np.float64),
                [rows + down[image], columns + right[image]],
                order=1,
                mode="grid-constant",
                cval=0.5,
            )
            np.testing.assert_allclose(changed[image, channel], expected, atol=1e-4)


def test_with_affine_both_are_one_resampling() -> None:
    images = np.random.default_rng(0).random((3, 2, 12, 10), dtype=np.float32)
    affine = RandomAffine(20, shift=2, scale=(0.8, 1.2), shear=10)

    changed = RandomElastic(alpha=20, sigma=3, fill=0.5, affine=affine)(images, np.random.default_rng(5))

    rng = np.random.default_rng(5)
    maps = affine.maps(3, 12, 10, rng).astype(np.float64)  # from (x, y, 1) of a result to x and y of its source
    noise = 2 * rng.random((2, 3, 12, 10), dtype=np.float32).astype(np.float64) - 1
    right, down = 20 * ndimage.gaussian_filter(noise, (0, 0, 3, 3), mode="constant")
    rows, columns = np.mgrid[:12, :10]
    for image in range(3):
        place = np.stack([columns + right[image], rows + down[image], np.ones((12, 10))])
        x, y = np.tensordot(maps[:, image], place, 1)
        for channel in range(2):
            source = images[image, channel].astype(np.float64)
            expected = ndimage.map_coordinates(source, [y, x], order=1, mode="grid-constant", cval=0.5)
            np.testing.assert_allclose(changed[image, channel], expected, atol=1e-4)


def test_without_strength_affine_is_left() -> None:
    images = np.random.default_rng(0).random((3, 1, 12, 10), dtype=np.float32)
    affine = RandomAffine(20, shift=2, scale=(0.8, 1.2), shear=10, fill=0.25)

    changed = RandomElastic(alpha=0, fill=0.25, affine=affine)(images, np.random.default_rng(5))

    np.testing.assert_allclose(changed, affine(images, np.random.default_rng(5)), atol=1e-5)


def test_strength_is_what_the_docstring_says() -> None:
    ramp = np.broadcast_to(np.linspace(0, 1, 61, dtype=np.float32), (600, 1, 61, 61)).copy()

    changed = RandomElastic(alpha=34, sigma=4)(ramp, np.random.default_rng(0))

    moved = 60 * (changed - ramp)[:, :, 20:-20, 20:-20]
    assert moved.std() == pytest.approx(0.163 * 34 / 4, rel=0.05)


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match="alpha: expected a number >= 0; got -1"):
        RandomElastic(alpha=-1)
    with pytest.raises(ValueError, match="sigma: expected a positive number"):
        RandomElastic(sigma=0)
    with pytest.raises(TypeError, match="affine: expected a RandomAffine, or None; got 10"):
        RandomElastic(affine=10)  # type: ignore[arg-type]
