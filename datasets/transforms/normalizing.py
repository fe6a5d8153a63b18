"""Pixels as numbers around zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .kinds import Images, check_batch


@dataclass(frozen=True)
class Normalize:
    """Shift and scale: (images - mean) / std.

    `Normalize(MNIST.mean, MNIST.std)` gives MNIST's training images mean 0 and standard deviation 1. Several numbers
    are one for each channel.

    Raises:
        ValueError: mean is not finite, or std not finite and positive; from calling: more numbers than one, and not as
            many as channels.
    """

    mean: float | Sequence[float]
    std: float | Sequence[float]

    def __post_init__(self) -> None:
        means, stds = np.ravel(self.mean), np.ravel(self.std)
        if not (all(map(math.isfinite, means)) and all(math.isfinite(std) and std > 0 for std in stds)):
            raise ValueError(f"expected a finite mean and a positive std; got mean {self.mean} and std {self.std}")

    def __call__(self, images: Images) -> Images:
        check_batch(images)
        mean, std = (np.asarray(value, dtype=np.float32).reshape(-1, 1, 1) for value in (self.mean, self.std))
        if not {len(mean), len(std)} <= {1, images.shape[1]}:
            raise ValueError(
                f"expected one mean and std, or one for each channel of {images.shape}; got {len(mean)} and {len(std)}"
            )
        normalized = images - mean
        normalized /= std
        return normalized
