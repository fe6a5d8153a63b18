"""Changes to whole batches of images, float32 (n, 1, H, W): what goes into `transform=` of a data set."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .images import Images


@dataclass(frozen=True)
class Normalize:
    """Shift and scale: (images - mean) / std.

    `Normalize(MNIST.mean, MNIST.std)` gives MNIST's training images mean 0 and standard deviation 1.

    Raises:
        ValueError: mean is not finite, or std not finite and positive.
    """

    mean: float
    std: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean) and math.isfinite(self.std) and self.std > 0):
            raise ValueError(f"expected a finite mean and a positive std; got mean {self.mean} and std {self.std}")

    def __call__(self, images: Images) -> Images:
        return (images - self.mean) / self.std
