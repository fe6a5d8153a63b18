"""How training images are varied from epoch to epoch, by name."""

from __future__ import annotations

from collections.abc import Callable

from tapegrad.datasets.transforms import AnyTransform, RandomAffine, RandomElastic, RandomShift

__all__ = ["AUGMENTATIONS"]


def affine(background: float) -> RandomAffine:
    """Turned, sheared, scaled and shifted, by as much as still is the same digit."""
    return RandomAffine(10, shift=2, scale=(0.9, 1.1), shear=10, fill=background)


# Each gives the transform, for images with this background.
AUGMENTATIONS: dict[str, Callable[[float], AnyTransform | None]] = {
    "none": lambda background: None,
    "shift": lambda background: RandomShift(1, whole=True, fill=background),
    "affine": affine,
    "elastic": lambda background: RandomElastic(24, fill=background, affine=affine(background)),
}
