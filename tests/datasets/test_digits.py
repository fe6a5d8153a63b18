from __future__ import annotations

import numpy as np

from tapegrad.datasets import Digits
from tapegrad.datasets.optional import import_optional


def test_both_parts_together_are_all_images() -> None:
    train, test, source = Digits(), Digits(train=False), import_optional("sklearn.datasets").load_digits()

    assert (len(train), len(test)) == (1437, 360)
    ours = np.concatenate([train.images, test.images]).reshape(1797, 64)
    both = np.column_stack([ours, np.concatenate([train.labels, test.labels])])
    theirs = np.column_stack([source.data, source.target]).astype(np.int64)
    assert sorted(map(tuple, both.tolist())) == sorted(map(tuple, theirs.tolist()))


def test_each_digit_has_its_share_in_both_parts() -> None:
    train, test = np.bincount(Digits().labels), np.bincount(Digits(train=False).labels)

    assert np.all(np.abs(test - (train + test) / 5) <= 1)


def test_images_are_floats_from_0_to_1() -> None:
    digits = Digits()

    images, labels = digits[:]

    assert (digits.classes, digits.shape) == (10, (1, 8, 8))
    assert images.shape == (1437, 1, 8, 8)
    assert images.dtype == np.float32
    assert labels.dtype == np.int64
    assert (images.min(), images.max()) == (0, 1)
    np.testing.assert_array_equal(images[:, 0] * 16, digits.images)


def test_the_split_never_changes() -> None:
    assert Digits(train=False).labels[:20].tolist() == [5, 9, 2, 7, 8, 7, 5, 2, 7, 2, 0, 2, 6, 7, 3, 4, 0, 8, 0, 9]
