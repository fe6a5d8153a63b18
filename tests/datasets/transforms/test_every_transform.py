"""What holds for each transform, whatever it does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from tapegrad.datasets import transforms
from tapegrad.datasets.transforms import (
    Affine,
    AnyTransform,
    Compose,
    Contrast,
    Gamma,
    Invert,
    Normalize,
    Pad,
    Random,
    RandomAffine,
    RandomContrast,
    RandomCutout,
    RandomElastic,
    RandomGamma,
    RandomRotation,
    RandomScale,
    RandomShift,
    Rotation,
    Scale,
    Shift,
    apply,
    is_random,
)

RANDOM: list[Random] = [
    RandomAffine(15, shift=2, scale=(0.9, 1.1), shear=10),
    RandomContrast((0.5, 1.5)),
    RandomCutout(4),
    RandomElastic(),
    RandomGamma((0.8, 1.2)),
    RandomRotation(15),
    RandomScale((0.9, 1.1)),
    RandomShift(2),
    RandomShift((-2, 3), whole=True),
]
FIXED: list[AnyTransform] = [
    Affine(15, shift=(1, -0.5), scale=1.2, shear=10),
    Contrast(1.5),
    Gamma(0.7),
    Invert(),
    Normalize(0.1307, 0.3081),
    Pad(2),
    Rotation(30),
    Scale(0.8),
    Shift(1, 0.5),
]
EVERY: list[AnyTransform] = [*FIXED, *RANDOM, Compose([*FIXED[:4], *RANDOM])]
KEEP_PIXELS = [transform for transform in EVERY if not isinstance(transform, Normalize)]
NOTHING_DONE = [
    Affine(),
    Contrast(1),
    Gamma(1),
    Normalize(0, 1),
    Pad(0),
    Rotation(0),
    Scale(1),
    Shift(0, 0),
    RandomAffine(),
    RandomElastic(alpha=0),
    RandomGamma((1, 1)),
    RandomRotation(0),
    RandomScale((1, 1)),
    RandomShift(0),
    RandomShift(0, whole=True),
    Compose([]),
]

every = pytest.mark.parametrize("transform", EVERY, ids=lambda transform: type(transform).__name__)


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_none_is_forgotten_here() -> None:
    tried = {type(transform).__name__ for transform in EVERY}
    assert tried == set(transforms.__all__) - {"Random", "AnyTransform", "Images", "Transform", "apply", "is_random"}


@every
@pytest.mark.parametrize("shape", [(5, 3, 9, 12), (4, 1, 28, 28), (1, 1, 1, 1), (2, 2, 1, 7), (300, 1, 6, 6)])
def test_a_new_float32_batch_comes_and_the_old_one_stays(transform: AnyTransform, shape: tuple[int, ...]) -> None:
    images = np.random.default_rng(0).random(shape, dtype=np.float32)
    images.flags.writeable = False
    before = images.copy()

    changed = apply(transform, images, rng())

    assert changed.dtype == np.float32
    assert changed.shape[:2] == images.shape[:2]
    if not isinstance(transform, Pad):
        assert changed.shape == images.shape
    assert not np.shares_memory(changed, images)
    np.testing.assert_array_equal(images, before)
    assert np.isfinite(changed).all()


@every
@pytest.mark.parametrize("shape", [(0, 1, 28, 28), (0, 3, 5, 4)])
def test_no_images(transform: AnyTransform, shape: tuple[int, ...]) -> None:
    changed = apply(transform, np.empty(shape, dtype=np.float32), rng())

    assert changed.shape[:2] == shape[:2]
    assert changed.dtype == np.float32


@every
def test_memory_layout_makes_no_difference(transform: AnyTransform, images: NDArray[np.float32]) -> None:
    strided = np.asfortranarray(images)[:, :, ::-1][:, :, ::-1]

    np.testing.assert_allclose(apply(transform, strided, rng()), apply(transform, images, rng()), atol=1e-6)


@pytest.mark.parametrize("transform", KEEP_PIXELS, ids=lambda transform: type(transform).__name__)
@given(seed=st.integers(0, 2**32))
def test_pixels_stay_from_0_to_1(transform: AnyTransform, seed: int) -> None:
    generator = np.random.default_rng(seed)
    images = generator.random((6, 2, 8, 7), dtype=np.float32).round(generator.integers(5))

    changed = apply(transform, images, generator)

    assert changed.min() >= 0
    assert changed.max() <= 1


@pytest.mark.parametrize("transform", NOTHING_DONE, ids=repr)
def test_parameters_that_change_nothing(transform: AnyTransform, images: NDArray[np.float32]) -> None:
    np.testing.assert_array_equal(apply(transform, images, rng()), images)


@pytest.mark.parametrize("transform", RANDOM, ids=lambda transform: type(transform).__name__)
def test_random_ones_draw_for_each_image_from_the_generator_alone(transform: Random) -> None:
    image = np.random.default_rng(0).random((1, 1, 28, 28), dtype=np.float32)
    images = np.repeat(image, 40, axis=0)

    first, second, other = (
        transform(images, rng()),
        transform(images, rng()),
        transform(images, np.random.default_rng(8)),
    )

    np.testing.assert_array_equal(first, second)
    assert (first != other).any()
    assert len(np.unique(first.reshape(40, -1), axis=0)) >= 12  # whole shifts are few
    assert is_random(transform)


@every
def test_what_is_no_batch_of_float32_images(transform: AnyTransform, images: NDArray[np.float32]) -> None:
    with pytest.raises(TypeError, match=r"expected float32 images; got float64.*astype"):
        apply(transform, images.astype(np.float64), rng())
    with pytest.raises(ValueError, match=r"expected a batch of images \(n, C, H, W\); got shape \(9, 12\)"):
        apply(transform, images[0, 0], rng())
