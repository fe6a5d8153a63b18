"""What is trained on: MNIST, or, where it cannot be downloaded, the Digits that come with scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tapegrad.datasets import MNIST, Dataset, Digits, DownloadError, random_split
from tapegrad.datasets.transforms import Normalize

__all__ = ["Data", "load"]


@dataclass(frozen=True)
class Data:
    """Three data sets that share no image.

    Attributes:
        name: where they come from.
        train: 90 % of the published training images, chosen by the seed.
        validation: the other 10 %.
        test: the published test images.
        shape: (channels, height, width) of an image.
        classes: how many there are.
        shift: by how many pixels training images are moved about; an image must have a margin that allows it.
        not_mnist: why these data are not MNIST; None if they are.
    """

    name: str
    train: Dataset
    validation: Dataset
    test: Dataset
    shape: tuple[int, ...]
    classes: int
    shift: int
    not_mnist: str | None = None


def load(data_dir: Path | None, seed: int) -> Data:
    """MNIST from `data_dir`, TAPEGRAD_DATA, the cache or a mirror; Digits if it lies nowhere and no mirror gives it.

    Raises:
        OSError, ValueError: a folder that was named has not all files, or damaged ones: then nothing stands in for it.
        ImportError: a library is missing; the message says how to get it.
    """
    try:
        return _mnist(data_dir, seed)
    except DownloadError as error:
        url, reason = error.reasons[0]
        others = f", and {len(error.reasons) - 1} more mirrors failed too" if len(error.reasons) > 1 else ""
        return _digits(seed, f"{url}: {reason}{others}")


def _mnist(data_dir: Path | None, seed: int) -> Data:
    scaled = Normalize(MNIST.mean, MNIST.std)
    images = MNIST(data_dir=data_dir, transform=scaled)
    train, validation = random_split(images, [0.9, 0.1], seed)
    test = MNIST(train=False, data_dir=data_dir, transform=scaled)
    return Data("MNIST", train, validation, test, images.shape, images.classes, shift=1)


def _digits(seed: int, not_mnist: str) -> Data:
    pixels, _ = Digits()[:]
    scaled = Normalize(float(pixels.mean()), float(pixels.std()))
    images = Digits(transform=scaled)
    train, validation = random_split(images, [0.9, 0.1], seed)
    test = Digits(train=False, transform=scaled)
    return Data("Digits", train, validation, test, images.shape, images.classes, shift=0, not_mnist=not_mnist)
