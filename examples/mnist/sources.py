"""Where images come from, by the names that `--data` has for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tapegrad import datasets
from tapegrad.datasets import ArrayDataset, Dataset, ImageDataset
from tapegrad.datasets.transforms import Transform

__all__ = ["SOURCES", "Place", "Source"]


@dataclass(frozen=True)
class Place:
    """Where images come from.

    Attributes:
        folder: with the files; None for wherever they are found.
        stream: whether images stay there until they are needed.
        pairs: how many images of two digits are composed for training; None for as many as are usual.
    """

    folder: Path | None = None
    stream: bool = False
    pairs: int | None = None


@dataclass(frozen=True)
class Source:
    """Published images, parted in training and test.

    Attributes:
        title: what people call them.
        load: the training (True) or the test (False) images, 0 to 1, each batch changed by a transform.
        mean, std: of the pixels of the training images.
        classes: the names of the classes, in the order of their numbers.
        pairs: as `load`, images of two digits, one above the other, with two labels; None where there are none.
    """

    title: str
    load: Callable[[bool, Place, Transform], Dataset]
    mean: float
    std: float
    classes: tuple[str, ...] = tuple("0123456789")
    pairs: Callable[[bool, Place, Transform], Dataset] | None = None


def mnist_like(kind: type[datasets.MNIST]) -> Callable[[bool, Place, Transform], Dataset]:
    """How MNIST is loaded, and what is published in its format."""
    return lambda train, place, transform: kind(train, data_dir=place.folder, stream=place.stream, transform=transform)


def two_digits(train: bool, place: Place, transform: Transform) -> Dataset:
    """Pairs of MNIST's digits, one above the other: (1, 42, 28)."""
    size = place.pairs if train else None
    return datasets.TwoDigitMNIST(train, size=size, data_dir=place.folder, transform=transform)


def letters(train: bool, place: Place, transform: Transform) -> Dataset:
    """The 26 letters of EMNIST, capital or small."""
    return datasets.EMNIST("letters", train, data_dir=place.folder, transform=transform)


def digits(train: bool, _: Place, transform: Transform) -> ImageDataset:
    """Digits, each pixel three by three, with the margin that makes them as large as MNIST's: (1, 28, 28)."""
    small = datasets.Digits(train)
    images = np.kron(small.images[:], np.ones((1, 3, 3), np.uint8))  # (N, 8, 8) -> (N, 24, 24)
    return ImageDataset(np.pad(images, ((0, 0), (2, 2), (2, 2))), small.labels, white=16, transform=transform)


def digit_pairs(train: bool, place: Place, transform: Transform) -> ArrayDataset:
    """Each of Digits above another one, 14 pixels apart: (1, 42, 28)."""
    images, upper = digits(train, place, lambda images: images)[:]
    other = np.roll(np.arange(len(images)), len(images) // 2)
    pairs = np.pad(images, ((0, 0), (0, 0), (0, 14), (0, 0)))  # (N, 1, 28, 28) -> (N, 1, 42, 28)
    np.maximum(pairs[:, :, 14:], images[other], out=pairs[:, :, 14:])
    return ArrayDataset(transform(pairs), upper, upper[other])


SOURCES: dict[str, Source] = {
    "mnist": Source(
        "MNIST", mnist_like(datasets.MNIST), datasets.MNIST.mean, datasets.MNIST.std, pairs=two_digits
    ),
    "fashion": Source(
        "FashionMNIST", mnist_like(datasets.FashionMNIST), datasets.FashionMNIST.mean, datasets.FashionMNIST.std,
        datasets.FashionMNIST.class_names,
    ),
    "kmnist": Source(
        "KMNIST", mnist_like(datasets.KMNIST), datasets.KMNIST.mean, datasets.KMNIST.std, datasets.KMNIST.class_names
    ),
    "emnist-letters": Source("EMNIST's letters", letters, 0.1722, 0.3309, datasets.EMNIST.splits["letters"]),
    "digits": Source("Digits", digits, 0.2240, 0.3491, pairs=digit_pairs),
}  # fmt: skip
