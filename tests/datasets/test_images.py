from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad.datasets import ImageDataset

PIXELS = np.random.default_rng(0).integers(0, 256, (10, 4, 5), dtype=np.uint8)
LABELS = np.arange(10, dtype=np.uint8)


@pytest.fixture
def dataset() -> ImageDataset:
    return ImageDataset(PIXELS, LABELS, white=255)


def test_one_image(dataset: ImageDataset) -> None:
    image, label = dataset[3]

    assert image.shape == (1, 4, 5)
    assert image.dtype == np.float32
    np.testing.assert_array_equal(image[0], PIXELS[3].astype(np.float32) / np.float32(255))
    assert isinstance(label, np.int64)
    assert label == 3
    assert dataset[-1][1] == 9


@pytest.mark.parametrize(
    "rows", [[3, 1, 3], np.array([0, -1], dtype=np.int8), slice(2, 9, 3), np.arange(10) % 2 == 0, []]
)
def test_many_images(dataset: ImageDataset, rows: Any) -> None:
    images, labels = dataset[rows]

    expected = PIXELS[np.array(rows, dtype=int) if rows == [] else rows] if isinstance(rows, list) else PIXELS[rows]
    np.testing.assert_array_equal(images, expected[:, np.newaxis].astype(np.float32) / np.float32(255))
    assert labels.shape == images.shape[:1]
    assert images.dtype == np.float32


def test_all_can_be_walked_through(dataset: ImageDataset) -> None:
    assert [int(label) for _, label in dataset] == list(range(10))  # type: ignore[attr-defined]


def test_nobody_can_change_the_data_set() -> None:
    pixels, labels = PIXELS.copy(), LABELS.copy()
    dataset = ImageDataset(pixels, labels, white=255)
    pixels[:] = 0
    labels[:] = 0
    images, numbers = dataset[[1, 2]]
    images[:] = -1
    numbers[:] = -1

    np.testing.assert_array_equal(dataset.images, PIXELS)
    np.testing.assert_array_equal(dataset.labels, LABELS)
    with pytest.raises(ValueError, match="read-only"):
        dataset.images[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        dataset.labels[0] = 0


def test_transform_gets_batches() -> None:
    shapes = []

    def pad(images: NDArray[np.float32]) -> NDArray[np.float32]:
        shapes.append(images.shape)
        return np.pad(images, ((0, 0), (0, 0), (2, 2), (2, 2)))

    dataset = ImageDataset(PIXELS, LABELS, white=255, transform=pad)

    assert dataset[0][0].shape == (1, 8, 9)
    assert dataset[:4][0].shape == (4, 1, 8, 9)
    assert shapes == [(1, 1, 4, 5), (4, 1, 4, 5)]


def test_transform_that_loses_images() -> None:
    dataset = ImageDataset(PIXELS, LABELS, white=255, transform=lambda images: images[1:])

    with pytest.raises(ValueError, match=r"expected 3 images from the transform; got an array of shape \(2, 1, 4, 5\)"):
        dataset[:3]


def test_wrong_types_and_shapes() -> None:
    with pytest.raises(TypeError, match="expected uint8 images and integer labels; got float64"):
        ImageDataset(PIXELS.astype(np.float64), LABELS, white=255)
    with pytest.raises(TypeError, match="and float32"):
        ImageDataset(PIXELS, LABELS.astype(np.float32), white=255)
    with pytest.raises(ValueError, match=r"got \(10, 20\) and \(10,\)"):
        ImageDataset(PIXELS.reshape(10, 20), LABELS, white=255)
    with pytest.raises(ValueError, match=r"got \(10, 4, 5\) and \(9,\)"):
        ImageDataset(PIXELS, LABELS[:9], white=255)
