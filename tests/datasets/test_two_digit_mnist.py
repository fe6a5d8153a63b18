from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad.datasets import MNIST, DataLoader, TwoDigitMNIST, random_split, transforms
from tapegrad.datasets.fetching.fetch import ENVIRONMENT_VARIABLE
from tapegrad.datasets.fetching.published import PublishedFile


@pytest.fixture
def folder(tiny_mnist: dict[PublishedFile, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a training set of seven images, which MNIST takes for the published one, for training and test."""
    monkeypatch.setattr(MNIST, "train_files", tuple(tiny_mnist))
    monkeypatch.setattr(MNIST, "test_files", tuple(tiny_mnist))
    for file, body in tiny_mnist.items():
        (tmp_path / f"{file.name}.gz").write_bytes(body)
    return tmp_path


def expected_places(digit: NDArray[np.uint8], lower: bool) -> list[NDArray[np.uint8]]:
    """All images of one digit alone."""
    places = []
    for down in range(4):
        for across in range(-3, 4):
            sheet = np.zeros((60, 40), dtype=np.uint8)
            top = 9 + 14 + down if lower else 9 - down
            sheet[top : top + 28, 6 + across : 34 + across] = digit
            places.append(sheet[9:51, 6:34])
    return places


def test_each_image_is_two_digits_in_their_places(folder: Path) -> None:
    digits = MNIST(data_dir=folder)
    dataset = TwoDigitMNIST(size=40, data_dir=folder)
    by_label = {int(label): digits.images[digits.labels == label] for label in digits.labels}

    for image, upper, lower in zip(dataset.images, dataset.upper, dataset.lower, strict=True):
        one_of = [
            np.maximum(first, second)
            for top in by_label[int(upper)]
            for bottom in by_label[int(lower)]
            for first in expected_places(top, lower=False)
            for second in expected_places(bottom, lower=True)
        ]
        assert (np.array(one_of) == image).all(axis=(1, 2)).any()


def test_a_batch_is_images_and_two_columns_of_labels(folder: Path) -> None:
    dataset = TwoDigitMNIST(size=9, data_dir=folder)

    images, upper, lower = dataset[2:6]
    image, one_upper, one_lower = dataset[3]

    assert (images.shape, images.dtype, dataset.shape) == ((4, 1, 42, 28), np.float32, (1, 42, 28))
    np.testing.assert_array_equal(images[:, 0], dataset.images[2:6] / np.float32(255))
    np.testing.assert_array_equal(upper, dataset.upper[2:6])
    np.testing.assert_array_equal(lower, dataset.lower[2:6])
    assert upper.dtype == lower.dtype == np.int64
    np.testing.assert_array_equal(image, images[1])
    assert (one_upper, one_lower) == (upper[1], lower[1])
    with pytest.raises(ValueError, match="read-only"):
        dataset.lower[0] = 1
    lower[:] = 77
    assert dataset.lower.max() < 10


def test_loaders_and_splits_take_it(folder: Path) -> None:
    dataset = TwoDigitMNIST(size=20, data_dir=folder, transform=transforms.Normalize(0.5, 0.5))
    train, _ = random_split(dataset, [0.8, 0.2])

    batches = list(DataLoader(train, batch_size=8, transform=transforms.RandomShift(1)))

    assert [[array.shape for array in batch] for batch in batches] == [[(8, 1, 42, 28), (8,), (8,)]] * 2
    dataset.transform = None
    assert dataset[:][0].min() == 0


def test_all_follows_from_the_seed(folder: Path) -> None:
    def key(**arguments: Any) -> str:
        dataset = TwoDigitMNIST(size=30, data_dir=folder, **arguments)
        return hashlib.sha256(dataset.images.tobytes() + dataset.upper.tobytes() + dataset.lower.tobytes()).hexdigest()

    keys = [key(), key(seed=1), key(train=False)]

    assert len(set(keys)) == 3
    assert keys == [key(seed=0), key(seed=1), key(train=False)]
    # the same on every machine and with every NumPy: taken down when the data set was made
    assert keys[0] == "5d7a57cdbf1d9ff79b7761160739bafe46d18d57bd3d87dd3848e76e4baa1cfa"
    longer = TwoDigitMNIST(size=50, data_dir=folder)
    np.testing.assert_array_equal(longer.images[:30], TwoDigitMNIST(size=30, data_dir=folder).images)


def test_every_digit_and_place_is_drawn(folder: Path) -> None:
    dataset = TwoDigitMNIST(size=2000, data_dir=folder)

    pairs = np.unique(np.stack([dataset.upper, dataset.lower]), axis=1)

    assert pairs.shape == (2, 36)  # the tiny set has six different digits
    assert len(np.unique(dataset.images, axis=0)) > 1900


def test_default_sizes(folder: Path) -> None:
    assert len(TwoDigitMNIST(data_dir=folder)) == 40_000
    assert len(TwoDigitMNIST(False, data_dir=folder)) == 10_000


def test_arguments_that_cannot_be(folder: Path) -> None:
    with pytest.raises(ValueError, match="size: expected an integer >= 1; got 0"):
        TwoDigitMNIST(size=0, data_dir=folder)
    with pytest.raises(ValueError, match="seed: expected an integer >= 0; got -1"):
        TwoDigitMNIST(seed=-1, data_dir=folder)
    with pytest.raises(TypeError, match="is random"):
        TwoDigitMNIST(size=1, data_dir=folder, transform=transforms.RandomShift(1))  # type: ignore[arg-type]


# As in test_mnist.py: where TAPEGRAD_DATA names a folder with the real files, this test exists.
if os.environ.get(ENVIRONMENT_VARIABLE):

    def test_the_figures_for_standardising() -> None:
        pixels = TwoDigitMNIST().images / np.float32(255)

        assert abs(pixels.mean(dtype=np.float64) - TwoDigitMNIST.mean) < 1e-4
        assert abs(pixels.std(dtype=np.float64) - TwoDigitMNIST.std) < 1e-4
