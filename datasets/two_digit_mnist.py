"""TwoDigitMNIST: images of two digits of MNIST, one above the other and overlapping, for models with two outputs.

After the two-digit images of project 3 of MIT's course 6.86x, which are not published: composed here, from a seed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from .arguments import whole_number
from .images import ImageDataset
from .mnist import MNIST
from .rows import as_rows
from .transforms import Transform

_SIDE = 28
_MARGIN = 3  # pixels by which a digit may be moved: MNIST leaves four free around it, so it stays whole
_STREAM = 0x74776F  # random words of our own, whatever else is drawn from the same seed


class TwoDigitMNIST:
    """Images of two digits: `dataset[rows]` is (images, upper, lower): float32 (n, 1, 42, 28) from 0 to 1, int64 (n,).

    Each image is a function of the seed, its row, and whether it is for training: two images of MNIST's training (or
    test) set, the second 14 pixels below the first; then the first moved up and the second down by up to 3 pixels, and
    each to the left or right by up to 3. Where both have ink the stronger counts. So most pairs touch, and many cover a
    part of each other. All are made when the data set is, in less than a second, and kept in memory, 1.2 kB each.

    Args:
        train: digits from MNIST's training images; False for its test images.
        size: number of images, by default 40,000 for training and 10,000 for the test.
        seed: integer >= 0; the same seed gives the same images on every machine.
        data_dir, download, mirrors: where to find MNIST, as for `MNIST`.
        transform: called with each batch.

    Attributes:
        images: uint8 (N, 42, 28), read-only.
        upper, lower: int64 (N,), read-only.
        shape: (1, 42, 28), that of an image before the transform.

    Raises:
        TypeError: size or seed is no integer, or the transform is random.
        ValueError: size < 1 or seed < 0.
        What `MNIST` raises.
    """

    classes: ClassVar[int] = MNIST.classes
    class_names: ClassVar[tuple[str, ...]] = MNIST.class_names
    mean: ClassVar[float] = 0.1703
    std: ClassVar[float] = 0.3427

    def __init__(
        self,
        train: bool = True,
        *,
        size: int | None = None,
        seed: int = 0,
        data_dir: str | os.PathLike[str] | None = None,
        download: bool = True,
        mirrors: Sequence[str] | None = None,
        transform: Transform | None = None,
    ) -> None:
        size = whole_number("size", (40_000 if train else 10_000) if size is None else size, least=1)
        seed = whole_number("seed", seed, least=0)
        digits = MNIST(train, data_dir=data_dir, download=download, mirrors=mirrors)
        rows, places = _drawn(size, len(digits), seed, train)
        images = _composed(digits.images, rows, places)
        self._upper = ImageDataset(images, digits.labels[rows[:, 0]], white=255, transform=transform)
        self.lower = digits.labels[rows[:, 1]]
        self.lower.flags.writeable = False
        self.images, self.upper, self.shape = self._upper.images, self._upper.labels, self._upper.shape

    @property
    def transform(self) -> Transform | None:
        """Called with each batch; may be exchanged for another one."""
        return self._upper.transform

    @transform.setter
    def transform(self, transform: Transform | None) -> None:
        self._upper.transform = transform

    def __len__(self) -> int:
        return len(self.lower)

    def __getitem__(self, index: Any) -> tuple[Any, Any, Any]:
        images, upper = self._upper[index]
        return images, upper, self.lower[as_rows(index, len(self))]


def _drawn(size: int, digits: int, seed: int, train: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows of MNIST, (N, 2), and places (down, across) from 0 up, (N, 2, 2): upper and lower digit.

    Made of the raw words of the generator, which NumPy promises never to change, unlike what it makes of them.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(_STREAM, int(train)))
    words = np.random.PCG64(sequence).random_raw((size, 6)) >> np.uint64(1)
    bounds = np.array([digits, digits, *2 * [_MARGIN + 1, 2 * _MARGIN + 1]])
    drawn = words.astype(np.int64) % bounds
    return drawn[:, :2], drawn[:, 2:].reshape(size, 2, 2)


def _composed(digits: NDArray[np.uint8], rows: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Lay the digits, (N, 2) rows, at their places, (N, 2, 2), on larger sheets; then cut these to (N, 42, 28)."""
    height, width = _SIDE + _SIDE // 2, _SIDE
    sheets = np.zeros((len(rows), height + 2 * _MARGIN, width + 2 * _MARGIN), dtype=np.uint8)
    for digit, top in enumerate((0, _SIDE // 2 + _MARGIN)):
        for down in range(_MARGIN + 1):
            for across in range(2 * _MARGIN + 1):
                here = np.flatnonzero((places[:, digit] == (down, across)).all(axis=1))
                spot = (here, slice(top + down, top + down + _SIDE), slice(across, across + _SIDE))
                sheets[spot] = np.maximum(sheets[spot], digits[rows[here, digit]])
    return sheets[:, _MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
