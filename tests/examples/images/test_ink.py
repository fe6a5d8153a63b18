"""Ink and paper."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from examples.mnist.images import BlankError, ink

STROKE = np.s_[20:60, 35:45]


def paper(height: int = 80, width: int = 80, value: float = 0.9) -> NDArray[np.float32]:
    return np.full((height, width, 3), value, np.float32)


def check(pixels: NDArray[np.float32], atol: float = 0.0) -> None:
    """The stroke is ink, and the rest is none."""
    found = ink(pixels)
    expected = np.zeros(found.shape)
    expected[STROKE] = 1
    np.testing.assert_allclose(found, expected, atol=atol)


@pytest.mark.parametrize(("ground", "pen"), [(0.9, 0.1), (0.0, 1.0), (0.9, 0.7), (0.4, 0.5)])
def test_both_polarities_and_faint_ink(ground: float, pen: float) -> None:
    pixels = paper(value=ground)
    pixels[STROKE] = pen
    check(pixels, 1e-5)


def test_red_on_green_of_the_same_brightness() -> None:
    pixels = paper() * np.array([0.0, 0.6, 0.0], np.float32)
    pixels[STROKE] = [0.6, 0.0, 0.0]
    check(pixels, 1e-5)


def test_light_from_one_side() -> None:
    """The shadow is darker than the ink in the light."""
    y, x = np.mgrid[0:1:80j, 0:1:80j]
    light = (1 - 0.5 * x - 0.2 * y)[..., None]
    pixels = (paper(value=1.0) * light).astype(np.float32)
    pixels[STROKE] -= 0.25
    assert pixels[40, 40, 0] > pixels[79, 79, 0]
    check(pixels, 0.01)


def test_grain_and_dust_are_no_ink() -> None:
    pixels = paper() + np.random.default_rng(0).normal(0, 0.03, (80, 80, 1)).astype(np.float32)
    pixels[STROKE] -= 0.7
    pixels[5, 5] = pixels[70, 8] = 0
    found = ink(pixels)

    assert found[STROKE].min() > 0.8
    found[19:61, 34:46] = 0
    assert found.max() == 0


def test_a_stroke_through_the_border_does_not_bend_the_paper() -> None:
    x = np.linspace(0, 1, 80)
    pixels = (paper(value=1.0) * (1 - 0.4 * x)[:, None]).astype(np.float32)
    pixels[:, 45:75] -= 0.3
    found = ink(pixels)

    assert found[:, 45:75].min() > 0.95
    found[:, 45:75] = 0
    assert found.max() == 0


def test_a_stroke_through_the_border_is_ink_all_the_same() -> None:
    pixels = paper()
    pixels[:, 35:45] = 0.1
    assert (ink(pixels)[:, 35:45] > 0.99).all()


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_blank_paper(noise: float) -> None:
    with pytest.raises(BlankError, match="differs clearly from its border"):
        ink(paper() + np.random.default_rng(0).normal(0, noise, (80, 80, 1)).astype(np.float32))


def test_a_digit_without_a_margin() -> None:
    pixels = paper()
    pixels[2:-2, 2:-2] = 0.1
    with pytest.raises(BlankError, match="leave a margin"):
        ink(pixels)
