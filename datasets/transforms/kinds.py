"""The two kinds of transforms: those that do the same to every image, and those that draw."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Images: TypeAlias = NDArray[np.float32]  # (n, C, H, W)
Transform: TypeAlias = Callable[[Images], Images]


class Random(ABC):
    """A transform that draws its parameters, for each image of a batch its own: `transform(images, rng)`.

    A generator in the same state gives the same result (with the same version of NumPy). `DataLoader(transform=...)`
    brings a generator for each batch of each epoch. One of your own is a class that inherits from this one.
    """

    @abstractmethod
    def __call__(self, images: Images, rng: np.random.Generator) -> Images:
        """Return the changed images, a new array; `images`, float32 (n, C, H, W), stay as they are."""


def check_batch(images: NDArray[Any]) -> None:
    """Refuse what is no batch of images.

    Raises:
        TypeError: not float32.
        ValueError: not (n, C, H, W).
    """
    if images.dtype != np.float32:
        raise TypeError(f"expected float32 images; got {images.dtype}: images.astype(np.float32) makes them")
    if images.ndim != 4:
        raise ValueError(f"expected a batch of images (n, C, H, W); got shape {images.shape}")
