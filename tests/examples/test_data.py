"""What is trained on, and that no image is in two of its parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from examples.mnist.data import Data, load
from tapegrad.datasets import MissingFilesError


def images_of(data: Data) -> list[set[bytes]]:
    parts = (data.train, data.validation, data.test)
    return [{image.tobytes() for image in part[np.arange(len(part))][0]} for part in parts]


def test_digits_stand_in_where_there_is_no_network(offline: None) -> None:
    data = load(None, seed=0)

    assert data.name == "Digits"
    assert data.not_mnist is not None
    assert data.not_mnist.startswith("https://")
    assert "\n" not in data.not_mnist
    assert (data.shape, data.classes, data.shift) == ((1, 8, 8), 10, 0)
    assert [len(part) for part in (data.train, data.validation, data.test)] == [1293, 144, 360]


def test_the_parts_share_no_image(offline: None) -> None:
    train, validation, test = images_of(load(None, seed=0))

    assert not train & validation
    assert not train & test
    assert not validation & test


def test_the_seed_chooses_the_split_and_never_the_test(offline: None) -> None:
    first, again, other = (images_of(load(None, seed)) for seed in (0, 0, 1))

    assert first == again
    assert first[1] != other[1]
    assert first[0] | first[1] == other[0] | other[1]
    assert first[2] == other[2]


def test_pixels_are_standardised(offline: None) -> None:
    data = load(None, seed=0)
    pixels, _ = data.train[np.arange(len(data.train))]

    assert pixels.dtype == np.float32
    assert abs(pixels.mean()) < 0.02
    assert abs(pixels.std() - 1) < 0.02


def test_nothing_stands_in_for_a_folder_that_was_named(offline: None, tmp_path: Path) -> None:
    with pytest.raises(MissingFilesError):
        load(tmp_path, seed=0)
