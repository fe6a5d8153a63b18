"""Elastic distortion: every pixel comes from a place near by, and neighbours from neighbouring places."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

import numpy as np

from .affine import RandomAffine
from .kinds import Images, Random, check_batch
from .ranges import check_number, check_positive
from .resampling import pixel_grid, resample

_REACH = 4.0  # standard deviations at which a Gaussian ends


@dataclass(frozen=True)
class RandomElastic(Random):
    """Distort each image by displacements of its own, random and smooth.

    For each pixel and axis a number from -1 to 1 is drawn; the two fields are smoothed by a Gaussian with standard
    deviation sigma, and multiplied by alpha: pixels. Far from the borders a displacement has a standard deviation of
    0.163 alpha / sigma, 1.4 pixels with alpha = 34 and sigma = 4, the figures of the source. A larger sigma bends
    larger parts in one piece. (torchvision's `ElasticTransform` displaces by half as much at the same alpha, and all
    images of a batch alike.)

    Args:
        alpha: strength, >= 0, in pixels.
        sigma: standard deviation of the smoothing, in pixels.
        fill: the value outside of the image.
        affine: shear, scale, rotate and shift as this one does, then distort, in one resampling: two, one after the
            other, would blur twice. Its own `fill` has no say.

    Source: P. Y. Simard, D. Steinkraus, J. C. Platt, "Best practices for convolutional neural networks applied to
    visual document analysis", ICDAR 2003.

    Raises:
        TypeError: an argument that is no number, or `affine` that is no `RandomAffine`.
        ValueError: one beyond a million or NaN, alpha < 0, or sigma <= 0.
    """

    alpha: float = 34.0
    sigma: float = 4.0
    fill: float = 0.0
    _: KW_ONLY
    affine: RandomAffine | None = None

    def __post_init__(self) -> None:
        check_number("alpha", self.alpha)
        if self.alpha < 0:
            raise ValueError(f"alpha: expected a number >= 0; got {self.alpha!r}")
        check_positive("sigma", self.sigma)
        check_number("fill", self.fill)
        if self.affine is not None and not isinstance(self.affine, RandomAffine):
            raise TypeError(f"affine: expected a RandomAffine, or None; got {self.affine!r}")

    def __call__(self, images: Images, rng: np.random.Generator) -> Images:
        check_batch(images)
        _, _, height, width = images.shape
        pixels = pixel_grid(height, width)[:2, np.newaxis]
        down, across = np.float32(self.alpha) * gaussian(height, self.sigma), gaussian(width, self.sigma)
        maps = None if self.affine is None else self.affine.maps(len(images), height, width, rng)

        def positions(block: slice) -> Images:
            count = block.stop - block.start
            noise = rng.random((2, count, height, width), dtype=np.float32)
            noise *= 2
            noise -= 1
            smooth: Images = np.matmul(down @ noise, across)  # separable; up to 64x64 BLAS stays on one thread
            places = pixels + smooth.reshape(2, count, -1)
            if maps is not None:
                linear, offset = maps[:, block, :2], maps[:, block, 2:]  # (2, k, 2), (2, k, 1)
                places = np.einsum("aib,bip->aip", linear, places) + offset
            return places

        return resample(images, positions, self.fill)


def gaussian(length: int, sigma: float) -> Images:
    """Return the symmetric matrix that smooths `length` numbers in a row, with zeros beyond both ends.

    Row i holds exp(-(i - j)^2 / 2 sigma^2) for |i - j| up to 4 sigma, so divided that all of these would add up to 1.
    """
    reach = int(_REACH * sigma + 0.5)
    steps = np.arange(-reach, reach + 1)
    total = np.exp(-((steps / sigma) ** 2) / 2).sum()
    distance = np.subtract.outer(np.arange(length), np.arange(length))
    weights = np.exp(-((distance / sigma) ** 2) / 2) / total
    return np.where(np.abs(distance) <= reach, weights, 0).astype(np.float32)
