"""Changes to whole batches of images, float32 (n, C, H, W): what goes into `transform=`.

A transform does the same to every image, `Rotation(15)(images)`, or it draws for each image anew and is named
`Random...`: `RandomRotation(15)(images, rng)`. A data set takes the first kind, a `DataLoader` both. All leave the
batch that they are given as it is, and give a new one.
"""

from __future__ import annotations

from .affine import Affine as Affine, RandomAffine as RandomAffine
from .composing import AnyTransform as AnyTransform, Compose as Compose, apply as apply, is_random as is_random
from .elastic import RandomElastic as RandomElastic
from .framing import Pad as Pad, RandomCutout as RandomCutout
from .geometry import (
    RandomRotation as RandomRotation,
    RandomScale as RandomScale,
    RandomShift as RandomShift,
    Rotation as Rotation,
    Scale as Scale,
    Shift as Shift,
)
from .intensity import (
    Contrast as Contrast,
    Gamma as Gamma,
    Invert as Invert,
    RandomContrast as RandomContrast,
    RandomGamma as RandomGamma,
)
from .kinds import Images as Images, Random as Random, Transform as Transform
from .normalizing import Normalize as Normalize

__all__ = [
    "Affine",
    "Compose",
    "Contrast",
    "Gamma",
    "Invert",
    "Normalize",
    "Pad",
    "Rotation",
    "Scale",
    "Shift",
    "Random",
    "RandomAffine",
    "RandomContrast",
    "RandomCutout",
    "RandomElastic",
    "RandomGamma",
    "RandomRotation",
    "RandomScale",
    "RandomShift",
    "AnyTransform",
    "Images",
    "Transform",
    "apply",
    "is_random",
]
