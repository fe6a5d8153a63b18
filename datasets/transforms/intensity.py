"""What changes each pixel where it is: gamma, contrast, inversion.

All of them take pixels from 0 to 1 and give such, so they go before `Normalize`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .kinds import Images, Random, check_batch
from .ranges import check_number, check_positive, factors

Factor: TypeAlias = np.float32 | Images  # one for all images, or (n, 1, 1, 1)


@dataclass(frozen=True)
class Gamma:
    """Raise each pixel to the power gamma: above 1 makes grey darker, below 1 lighter; black and white stay.

    Raises:
        TypeError: gamma is no number.
        ValueError: gamma is not positive, or beyond a million; from calling: pixels outside of 0 to 1.
    """

    gamma: float

    def __post_init__(self) -> None:
        check_positive("gamma", self.gamma)

    def __call__(self, images: Images) -> Images:
        return _gamma(images, np.float32(self.gamma))


@dataclass(frozen=True)
class RandomGamma(Random):
    """Raise the pixels of each image to a power of its own: `RandomGamma((0.8, 1.2))`.

    Raises:
        TypeError: gamma is no pair of numbers.
        ValueError: not positive, or low > high; from calling: pixels outside of 0 to 1.
    """

    gamma: tuple[float, float]

    def __post_init__(self) -> None:
        factors("gamma", self.gamma)

    def __call__(self, images: Images, rng: np.random.Generator) -> Images:
        return _gamma(images, _one_each(rng.uniform(*self.gamma, len(images))))


@dataclass(frozen=True)
class Contrast:
    """Move each pixel away from its image's mean (factor above 1) or towards it (below 1); 0 leaves the mean alone.

        clip(mean + factor (pixel - mean), 0, 1)

    Raises:
        TypeError: factor is no number.
        ValueError: factor is negative, or beyond a million; from calling: pixels outside of 0 to 1.
    """

    factor: float

    def __post_init__(self) -> None:
        check_number("factor", self.factor)
        if self.factor < 0:
            raise ValueError(f"factor: expected a number >= 0; got {self.factor!r}")

    def __call__(self, images: Images) -> Images:
        return _contrast(images, np.float32(self.factor))


@dataclass(frozen=True)
class RandomContrast(Random):
    """`Contrast` by a factor of its own for each image: `RandomContrast((0.7, 1.3))`.

    Raises:
        TypeError: factor is no pair of numbers.
        ValueError: not positive, or low > high; from calling: pixels outside of 0 to 1.
    """

    factor: tuple[float, float]

    def __post_init__(self) -> None:
        factors("factor", self.factor)

    def __call__(self, images: Images, rng: np.random.Generator) -> Images:
        return _contrast(images, _one_each(rng.uniform(*self.factor, len(images))))


@dataclass(frozen=True)
class Invert:
    """Exchange black and white: 1 - pixel.

    Raises:
        ValueError: from calling: pixels outside of 0 to 1.
    """

    def __call__(self, images: Images) -> Images:
        _check_pixels(images)
        return 1 - images


def _gamma(images: Images, gamma: Factor) -> Images:
    _check_pixels(images)
    changed: Images = np.power(images, gamma)
    return changed


def _contrast(images: Images, factor: Factor) -> Images:
    _check_pixels(images)
    if images.size == 0:
        return images.copy()
    mean: Images = images.mean(axis=(1, 2, 3), keepdims=True)
    changed = images - mean
    changed *= factor
    changed += mean
    np.clip(changed, 0, 1, out=changed)
    return changed


def _one_each(drawn: NDArray[np.float64]) -> Images:
    return drawn.astype(np.float32).reshape(-1, 1, 1, 1)


def _check_pixels(images: Images) -> None:
    check_batch(images)
    if images.size and not (images.min() >= 0 and images.max() <= 1):
        raise ValueError(
            f"expected pixels from 0 to 1; got {images.min()} to {images.max()}: this goes before Normalize"
        )
