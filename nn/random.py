"""The random generator that initialisers and dropout draw from."""

from __future__ import annotations

import numpy as np

from ..autograd import randomness

__all__ = ["generator", "manual_seed"]

_generator = np.random.Generator(np.random.PCG64())


def manual_seed(seed: int) -> None:
    """Start the generator again from a seed, so that what follows can be repeated."""
    global _generator
    _generator = np.random.Generator(np.random.PCG64(seed))


def generator() -> np.random.Generator:
    """The generator in use; from an unpredictable seed until `manual_seed` is called."""
    return _generator


randomness.generators.append(generator)
