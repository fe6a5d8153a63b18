from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad.datasets import DataLoader, ImageDataset
from tapegrad.datasets.transforms import (
    Compose,
    Images,
    Invert,
    Normalize,
    Pad,
    Random,
    RandomRotation,
    RandomShift,
    apply,
    is_random,
)


def test_in_turn(images: NDArray[np.float32]) -> None:
    def halve(images: Images) -> Images:
        return images / np.float32(2)

    changed = Compose([halve, Pad(1), Compose([Invert()])])(images)

    np.testing.assert_array_equal(changed, 1 - np.pad(images / 2, ((0, 0), (0, 0), (1, 1), (1, 1))))


def test_both_kinds_from_one_generator(images: NDArray[np.float32]) -> None:
    first, second = RandomRotation(20), RandomShift(2)

    changed = Compose([first, Invert(), Compose([second])])(images, np.random.default_rng(3))

    rng = np.random.default_rng(3)
    np.testing.assert_array_equal(changed, second(1 - first(images, rng), rng))


def test_a_random_one_of_ones_own(images: NDArray[np.float32]) -> None:
    class Speckle(Random):
        def __call__(self, images: Images, rng: np.random.Generator) -> Images:
            return images * (rng.random(images.shape, dtype=np.float32) < 0.9)

    changed = apply(Compose([Speckle()]), images, np.random.default_rng(0))

    assert 0.85 < (changed != 0).mean() < 0.95


def test_which_are_random() -> None:
    assert is_random(RandomShift(1))
    assert is_random(Compose([Pad(1), Compose([RandomShift(1)])]))
    assert not is_random(Compose([Pad(1), Compose([])]))
    assert not is_random(np.copy)


def test_a_random_one_without_a_generator(images: NDArray[np.float32]) -> None:
    for transform in (RandomShift(1), Compose([Pad(1), RandomShift(1)])):
        with pytest.raises(TypeError, match=r"RandomShift\(pixels=1.* is random.*default_rng\(seed\).*DataLoader"):
            apply(transform, images, None)


def test_what_cannot_be_composed() -> None:
    with pytest.raises(TypeError, match="transforms: expected what can be called with images; got 3"):
        Compose([Pad(1), 3])  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"transforms: expected a list of transforms; got Pad\(padding=1"):
        Compose(Pad(1))  # type: ignore[arg-type]


def test_a_data_set_refuses_random_ones() -> None:
    pixels, labels = np.zeros((3, 4, 4), dtype=np.uint8), np.arange(3)

    for transform in (RandomShift(1), Compose([RandomShift(1)])):
        with pytest.raises(TypeError, match=r"is random: give it to the loader, DataLoader\(dataset, transform=...\)"):
            ImageDataset(pixels, labels, white=255, transform=transform)  # type: ignore[arg-type]
    dataset = ImageDataset(pixels, labels, white=255, transform=Compose([Pad(1)]))
    assert dataset[0][0].shape == (1, 6, 6)
    dataset.transform = Compose([RandomShift(1)])
    with pytest.raises(TypeError, match=r"RandomShift\(.*\) is random: .* DataLoader\(dataset, transform=...\)"):
        dataset[0]


def test_a_loader_takes_both_kinds() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (10, 6, 6), dtype=np.uint8)
    dataset = ImageDataset(pixels, np.arange(10), white=255)
    loader = DataLoader(dataset, batch_size=5, transform=Compose([RandomShift(2), Normalize(0.5, 0.5)]))

    first, second = list(loader), list(loader)
    loader.set_epoch(0)
    again = list(loader)

    for (images, labels), (same, _), (other, _) in zip(first, again, second, strict=True):
        np.testing.assert_array_equal(images, same)
        assert (images != other).any()
        assert images.shape == (5, 1, 6, 6)
        assert labels.shape == (5,)
