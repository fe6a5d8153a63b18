"""A digit where MNIST has it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from examples.mnist.images import placed


def test_mnist_images_come_back_as_they_were(digits: NDArray[np.uint8]) -> None:
    images = digits / np.float32(255)
    errors = [np.abs(placed(image) - image).mean() for image in images]

    assert np.median(errors) < 0.002
    assert np.mean(np.array(errors) < 0.01) > 0.9  # the others are a pixel away: their centre of mass is between two


def test_size_and_centre() -> None:
    ink = np.zeros((300, 500), np.float32)
    ink[50:250, 400:440] = 1
    ink[210:250, 320:440] = 1
    image = placed(ink)

    assert image.shape == (28, 28)
    assert image.dtype == np.float32
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    assert np.ptp(rows) + 1 == 20
    assert np.ptp(columns) + 1 == 12  # 120 : 200
    for axis in (0, 1):
        centre = image.sum(axis=1 - axis) @ np.arange(28) / image.sum()
        assert abs(centre - 14) <= 0.5


def test_edges_are_smooth() -> None:
    y, x = np.mgrid[-1:1:301j, -1:1:301j]
    ring = np.abs(np.hypot(x, y) - 0.7) < 0.12
    levels = np.unique(placed(ring.astype(np.float32)))

    assert len(levels) > 20
    assert levels.max() == 1


def test_a_hairline_is_drawn_with_a_pen() -> None:
    ink = np.zeros((400, 400), np.float32)
    ink[50:350, 200] = 1
    image = placed(ink)

    assert 25 < image.sum() < 55  # twenty pixels long, about two wide
    assert image.max() == 1


def test_a_dot_and_an_edge_of_the_image() -> None:
    ink = np.zeros((10, 10), np.float32)
    ink[0, 9] = 1
    assert placed(ink)[14, 14] > 0.9


def test_a_lopsided_digit_is_not_cut_off() -> None:
    ink = np.zeros((100, 100), np.float32)
    ink[:, :12] = 1  # all the mass at the left,
    ink[88:, :] = 0.4  # and a faint line to the right
    image = placed(ink)

    assert np.ptp(np.flatnonzero(image.any(axis=0))) + 1 == 20
