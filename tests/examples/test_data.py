"""What is trained on, and that no image is in two of its parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from examples.mnist.data import Data, load, preparation
from examples.mnist.settings import Settings, SettingsError
from examples.mnist.sources import SOURCES
from tapegrad.datasets import MissingFilesError
from tapegrad.datasets.transforms import Contrast, Gamma

pytestmark = pytest.mark.usefixtures("offline")


def digits(**settings: Any) -> Data:
    return load(Settings(data="digits", **settings))


def images_of(data: Data) -> list[set[bytes]]:
    return [{image.tobytes() for image in part[np.arange(len(part))][0]} for part in parts(data)]


def parts(data: Data) -> tuple[Any, ...]:
    return data.train, data.validation, data.test


def test_digits_stand_in_where_there_is_no_network() -> None:
    data = load(Settings())

    assert data.name == "Digits"
    assert data.not_mnist is not None
    assert data.not_mnist.startswith("https://")
    assert "\n" not in data.not_mnist
    assert (data.shape, data.classes, data.heads) == ((1, 28, 28), tuple("0123456789"), ())
    assert [len(part) for part in parts(data)] == [1293, 144, 360]


def test_digits_that_were_asked_for_stand_in_for_nothing() -> None:
    assert digits().not_mnist is None


def test_the_parts_share_no_image() -> None:
    train, validation, test = images_of(digits())

    assert not train & validation
    assert not train & test
    assert not validation & test


def test_the_seed_chooses_the_split_and_never_the_test() -> None:
    first, again, other = (images_of(digits(seed=seed)) for seed in (0, 0, 1))

    assert first == again
    assert first[1] != other[1]
    assert first[0] | first[1] == other[0] | other[1]
    assert first[2] == other[2]


def test_the_share_for_validation_is_chosen() -> None:
    assert [len(part) for part in parts(digits(validation_fraction=0.25))] == [1078, 359, 360]


def test_so_many_images_of_each_class() -> None:
    data = digits(samples_per_class=7)
    labels = data.train[np.arange(len(data.train))][1]

    np.testing.assert_array_equal(np.bincount(labels), np.full(10, 7))
    assert len(data.validation) == 144


def test_pixels_are_standardised() -> None:
    data = digits()
    pixels, _ = data.train[np.arange(len(data.train))]

    assert pixels.dtype == np.float32
    assert abs(pixels.mean()) < 0.02
    assert abs(pixels.std() - 1) < 0.02


def test_padding_gamma_and_contrast_are_done_to_all_parts_alike() -> None:
    plain, changed = digits(), digits(pad=2, gamma=0.5, contrast=1.5)
    source = SOURCES["digits"]

    assert changed.shape == (1, 32, 32)
    for before, after in zip(parts(plain), parts(changed), strict=True):
        pixels = before[np.arange(5)][0] * source.std + source.mean  # as published, 0 to 1
        expected = Contrast(1.5)(Gamma(0.5)(np.clip(pixels, 0, 1)))
        found = after[np.arange(5)][0] * source.std + source.mean
        np.testing.assert_allclose(found[:, :, 2:-2, 2:-2], expected, atol=1e-3)
        np.testing.assert_allclose(found[:, :, :2], 0, atol=1e-6)


def test_what_predict_does_to_an_image_is_what_training_did() -> None:
    settings = Settings(data="digits", pad=1)
    data = load(settings)
    pixels = np.random.default_rng(0).random((2, 1, 28, 28), np.float32)

    np.testing.assert_array_equal(preparation(settings)(pixels), data.prepare(pixels))
    assert data.background == pytest.approx(-SOURCES["digits"].mean / SOURCES["digits"].std)


def test_two_digits_in_an_image() -> None:
    data = digits(model="twodigit-mlp")
    images, upper, lower = data.test[np.arange(50)]
    single, labels = load(Settings(data="digits")).test[np.arange(360)]

    assert data.heads == ("upper", "lower")
    assert images.shape == (50, *data.shape) == (50, 1, 42, 28)
    for image, above, below in zip(images[:, 0], upper, lower, strict=True):
        tops = single[labels == above][:, 0, :14]  # where nothing overlaps
        bottoms = single[labels == below][:, 0, 14:]
        assert np.abs(tops - image[:14]).max(axis=(1, 2)).min() < 1e-5
        assert np.abs(bottoms - image[28:]).max(axis=(1, 2)).min() < 1e-5


def test_two_digits_where_there_are_none() -> None:
    with pytest.raises(SettingsError, match="model twodigit-mlp is for two digits; FashionMNIST has no such images"):
        load(Settings(data="fashion", model="twodigit-mlp"))


def test_nothing_stands_in_for_a_folder_that_was_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFilesError):
        load(Settings(data_dir=str(tmp_path)))


def test_nothing_stands_in_for_other_data_than_mnist() -> None:
    with pytest.raises(OSError, match="fashion"):
        load(Settings(data="fashion"))
