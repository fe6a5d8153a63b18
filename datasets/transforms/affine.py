"""Rotation, shift, scale and shear, and all of them in one resampling.

Degrees count counter-clockwise, as seen. Shifts are pixels, to the right and down, whole or fractional. What comes in
from outside of the image is `fill`: black before `Normalize`, so geometry goes before it.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .kinds import Images, Random, check_batch
from .ranges import Range, check_number, check_positive, factors, interval
from .resampling import pixel_grid, resample

Numbers: TypeAlias = float | NDArray[np.float64]  # the same for all images, or (n,)
Maps: TypeAlias = NDArray[np.float32]  # (2, n, 3)


def affine(
    images: Images,
    *,
    degrees: Numbers = 0.0,
    right: Numbers = 0.0,
    down: Numbers = 0.0,
    scale: Numbers = 1.0,
    shear: Numbers = 0.0,
    fill: float = 0.0,
) -> Images:
    """Shear, scale and rotate images about their centres, then shift them; each parameter one number, or one an image.

        out[p] = in[q]   with   p - centre - shift = scale R S (q - centre)

    in columns (x, y), y downwards: R = [[cos, sin], [-sin, cos]] of degrees, S = [[1, -tan(shear)], [0, 1]].
    """
    check_batch(images)
    count, _, height, width = images.shape
    maps = inverse_maps(count, height, width, degrees=degrees, right=right, down=down, scale=scale, shear=shear)
    return mapped(images, maps, fill)


def mapped(images: Images, maps: Maps, fill: float) -> Images:
    """Return images whose pixels (x, y) are those at `maps @ (x, y, 1)`."""
    grid = pixel_grid(*images.shape[2:])
    return resample(images, lambda block: maps[:, block] @ grid, fill)  # (2, k, 3) @ (3, H W)


def inverse_maps(
    count: int, height: int, width: int, *,
    degrees: Numbers = 0.0, right: Numbers = 0.0, down: Numbers = 0.0, scale: Numbers = 1.0, shear: Numbers = 0.0,
) -> Maps:  # fmt: skip
    """Return for each image the rows that give q's x and y from (x, y, 1) of p."""
    angle, lean = np.radians(degrees), np.tan(np.radians(shear))
    cos, sin = np.cos(angle) / scale, np.sin(angle) / scale
    inverse = np.empty((2, count, 3))
    inverse[0, :, 0], inverse[0, :, 1] = cos + lean * sin, lean * cos - sin
    inverse[1, :, 0], inverse[1, :, 1] = sin, cos
    centre = (width - 1) / 2, (height - 1) / 2
    for axis in range(2):
        inverse[axis, :, 2] = (
            centre[axis] - inverse[axis, :, 0] * (centre[0] + right) - inverse[axis, :, 1] * (centre[1] + down)
        )
    return inverse.astype(np.float32)


@dataclass(frozen=True)
class Affine:
    """Shear, scale and rotate each image about its centre, then shift it, in one resampling.

    Args:
        degrees: of rotation, counter-clockwise.
        shift: pixels to the right, and down.
        scale: factor of size; above 1 is larger.
        shear: degrees by which upright lines lean to the right.
        fill: the value outside of the image.

    Raises:
        TypeError: an argument that is no number.
        ValueError: one beyond a million or NaN, scale <= 0, or shear not between -90 and 90.
    """

    degrees: float = 0.0
    _: KW_ONLY
    shift: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    shear: float = 0.0
    fill: float = 0.0

    def __post_init__(self) -> None:
        check_number("degrees", self.degrees)
        if not isinstance(self.shift, tuple | list) or len(self.shift) != 2:
            raise TypeError(f"shift: expected pixels (right, down); got {self.shift!r}")
        for pixels in self.shift:
            check_number("shift", pixels)
        check_positive("scale", self.scale)
        _check_shear(self.shear, self.shear, self.shear)
        check_number("fill", self.fill)

    def __call__(self, images: Images) -> Images:
        right, down = self.shift
        return affine(
            images, degrees=self.degrees, right=right, down=down, scale=self.scale, shear=self.shear, fill=self.fill
        )


@dataclass(frozen=True)
class RandomAffine(Random):
    """Shear, scale and rotate each image about its centre, then shift it, by parameters of its own, in one resampling.

    A single number a is the range (-a, a), as torchvision's. Shifts are pixels, where its `translate` is fractions.

    Args:
        degrees: range of the rotation, counter-clockwise.
        shift: range of the shift in pixels, drawn for right and down apart.
        scale: range of the factor of size, (low, high).
        shear: range of the degrees by which upright lines lean to the right.
        fill: the value outside of the image.

    Raises:
        TypeError: an argument that is neither number nor range.
        ValueError: one beyond a million or NaN, low > high, a negative single number, scale <= 0, or shear not between
            -90 and 90.
    """

    degrees: Range = 0.0
    _: KW_ONLY
    shift: Range = 0.0
    scale: tuple[float, float] = (1.0, 1.0)
    shear: Range = 0.0
    fill: float = 0.0

    def __post_init__(self) -> None:
        interval("degrees", self.degrees)
        interval("shift", self.shift)
        factors("scale", self.scale)
        _check_shear(self.shear, *interval("shear", self.shear))
        check_number("fill", self.fill)

    def __call__(self, images: Images, rng: np.random.Generator) -> Images:
        check_batch(images)
        count, _, height, width = images.shape
        return mapped(images, self.maps(count, height, width, rng), self.fill)

    def maps(self, count: int, height: int, width: int, rng: np.random.Generator) -> Maps:
        """Draw parameters for so many images: `inverse_maps` of them."""
        return inverse_maps(
            count,
            height,
            width,
            degrees=rng.uniform(*interval("degrees", self.degrees), count),
            right=rng.uniform(*interval("shift", self.shift), count),
            down=rng.uniform(*interval("shift", self.shift), count),
            scale=rng.uniform(*self.scale, count),
            shear=rng.uniform(*interval("shear", self.shear), count),
        )


def _check_shear(shear: Range, low: float, high: float) -> None:
    for end in (low, high):
        check_number("shear", end)
    if not -90 < low <= high < 90:
        raise ValueError(f"shear: expected degrees between -90 and 90; got {shear!r}")
