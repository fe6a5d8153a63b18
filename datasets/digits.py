"""Digits: 1,797 real handwritten digits, 8x8, that come with scikit-learn: no download, no network.

Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998; the
images are counts, 0 to 16, of the inked pixels in 4x4 blocks of 32x32 bitmaps.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from .images import ImageDataset
from .optional import import_optional
from .shuffling import permutation
from .transforms import Transform

_SPLIT_SEED = 1797
_TEST_EVERY = 5


class Digits(ImageDataset):
    """The training or the test images of Digits, an `ImageDataset`: float32 (1, 8, 8) from 0 to 1, int64 labels.

    One image in five is for the test: the images are shuffled with a fixed seed, sorted by digit, and every fifth is
    taken. So each digit has its share in both parts (1,437 and 360 images), and the parts are the same everywhere. A
    writer may have images in both, unlike in MNIST: who wrote an image is not recorded.

    Args:
        train: the 1,437 training images; False for the 360 test images.
        transform: called with each batch.

    Raises:
        ImportError: scikit-learn is not installed.
    """

    classes: ClassVar[int] = 10
    class_names: ClassVar[tuple[str, ...]] = tuple("0123456789")

    def __init__(self, train: bool = True, *, transform: Transform | None = None) -> None:
        digits = import_optional("sklearn.datasets").load_digits()
        shuffled = permutation(len(digits.target), _SPLIT_SEED)
        by_digit = shuffled[np.argsort(digits.target[shuffled], kind="stable")]
        chosen = np.zeros(len(by_digit), dtype=bool)
        chosen[by_digit[::_TEST_EVERY]] = True
        if train:
            chosen = ~chosen
        super().__init__(digits.images[chosen].astype(np.uint8), digits.target[chosen], white=16, transform=transform)
