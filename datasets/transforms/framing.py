"""What adds pixels around images or takes some out of them: padding, and cutout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..arguments import whole_number
from .kinds import Images, Random, check_batch
from .ranges import check_number


@dataclass(frozen=True)
class Pad:
    """Add pixels on all sides: (n, C, H, W) -> (n, C, H + top + bottom, W + left + right).

    Args:
        padding: pixels on each side; or (left and right, top and bottom); or (left, top, right, bottom).
        fill: their value.

    Raises:
        TypeError: no whole numbers, or neither one nor two nor four of them; fill is no number.
        ValueError: negative padding, or fill beyond a million or NaN.
    """

    padding: int | tuple[int, int] | tuple[int, int, int, int]
    fill: float = 0.0

    def __post_init__(self) -> None:
        self._sides()
        check_number("fill", self.fill)

    def _sides(self) -> tuple[int, int, int, int]:
        sides = self.padding if isinstance(self.padding, tuple | list) else (self.padding,)
        if len(sides) not in (1, 2, 4):
            raise TypeError(
                "padding: expected pixels; or (left and right, top and bottom); or (left, top, right, bottom); "
                f"got {self.padding!r}"
            )
        left, top, right, bottom = (whole_number("padding", side, least=0) for side in sides * (4 // len(sides)))
        return left, top, right, bottom

    def __call__(self, images: Images) -> Images:
        check_batch(images)
        left, top, right, bottom = self._sides()
        count, channels, height, width = images.shape
        padded = np.full((count, channels, top + height + bottom, left + width + right), self.fill, dtype=np.float32)
        padded[:, :, top : top + height, left : left + width] = images
        return padded


@dataclass(frozen=True)
class RandomCutout(Random):
    """Fill one square of `size` x `size` pixels in each image, around a pixel drawn anywhere in it.

    So a part of the square may lie outside. Source: T. DeVries, G. W. Taylor, "Improved regularization of convolutional
    neural networks with Cutout", arXiv:1708.04552, 2017.

    Raises:
        TypeError: size is no whole number, or fill no number.
        ValueError: size < 1, or fill beyond a million or NaN.
    """

    size: int
    fill: float = 0.0

    def __post_init__(self) -> None:
        whole_number("size", self.size, least=1)
        check_number("fill", self.fill)

    def __call__(self, images: Images, rng: np.random.Generator) -> Images:
        check_batch(images)
        count, _, height, width = images.shape
        if images.size == 0:
            return images.copy()

        def inside(length: int) -> NDArray[np.bool_]:
            first = rng.integers(length, size=(count, 1)) - self.size // 2
            at = np.arange(length)
            return (first <= at) & (at < first + self.size)  # (n, length)

        rows, columns = inside(height), inside(width)
        square = rows[:, np.newaxis, :, np.newaxis] & columns[:, np.newaxis, np.newaxis, :]
        return np.where(square, np.float32(self.fill), images)
