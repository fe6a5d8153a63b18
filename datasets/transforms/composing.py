"""Transforms one after the other, random ones among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from .kinds import Images, Random, Transform


@dataclass(frozen=True)
class Compose:
    """Each transform in turn, of either kind: `Compose([RandomRotation(10), Normalize(0.1307, 0.3081)])`.

    Called with a generator it hands it to the random ones; without random ones it needs none.

    Raises:
        TypeError: a member that cannot be called; from calling: a random member, and no generator.
    """

    transforms: Sequence[AnyTransform]

    def __post_init__(self) -> None:
        if not isinstance(self.transforms, Sequence):
            raise TypeError(f"transforms: expected a list of transforms; got {self.transforms!r}")
        for transform in self.transforms:
            if not callable(transform):
                raise TypeError(f"transforms: expected what can be called with images; got {transform!r}")
        object.__setattr__(self, "transforms", tuple(self.transforms))

    def __call__(self, images: Images, rng: np.random.Generator | None = None) -> Images:
        for transform in self.transforms:
            images = apply(transform, images, rng)
        return images


AnyTransform: TypeAlias = Transform | Random | Compose


def apply(transform: AnyTransform, images: Images, rng: np.random.Generator | None) -> Images:
    """Return the images that a transform of either kind makes; `rng` is for the random ones.

    Raises:
        TypeError: the transform is random, and `rng` is None.
    """
    if isinstance(transform, Compose):
        return transform(images, rng)
    if not isinstance(transform, Random):
        return transform(images)
    if rng is None:
        raise TypeError(
            f"{transform!r} is random: it is called with images and a generator, as np.random.default_rng(seed), "
            "or given to the loader, DataLoader(dataset, transform=...), which brings one for each batch"
        )
    return transform(images, rng)


def is_random(transform: AnyTransform) -> bool:
    """Tell whether a transform draws: a `Random`, or a `Compose` with one in it."""
    if isinstance(transform, Compose):
        return any(map(is_random, transform.transforms))
    return isinstance(transform, Random)
