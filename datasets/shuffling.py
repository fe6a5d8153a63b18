"""Random numbers that are the same for the same seed on every machine, whoever draws them and when."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Else the words would be those of `np.random.default_rng(seed)`: data drawn from it would be sorted, not shuffled.
_ORDERS = 0x74617065
_BATCHES = 0x67726164


def permutation(length: int, seed: int, *stream: int) -> NDArray[np.int64]:
    """Return the numbers 0 ... length - 1 in the order that `seed` and `stream` fix: one order for each stream.

    It is the order of `length` random 64-bit words. NumPy promises that the words of a seeded PCG64 stay the same
    for ever, but not what `Generator.permutation` makes of them (NEP 19).
    """
    words = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(_ORDERS, *stream))).random_raw(length)
    return np.argsort(words, kind="stable").astype(np.int64, copy=False)


def generator_of(seed: int, epoch: int, batch: int) -> np.random.Generator:
    """Return the generator of one batch of one epoch, at its start."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(_BATCHES, epoch, batch))))
