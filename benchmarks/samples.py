"""From many noisy measurements to one number with its spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000


@dataclass(frozen=True)
class Interval:
    """A number and the range in which the noise leaves it."""

    value: float
    low: float
    high: float


def quartiles(samples: NDArray[np.float64]) -> Interval:
    """The median, and the quartiles around it."""
    low, middle, high = np.quantile(samples, (0.25, 0.5, 0.75))
    return Interval(float(middle), float(low), float(high))


def ratio_of_medians(ours: NDArray[np.float64], peers: NDArray[np.float64], *, seed: int = 0) -> Interval:
    """median(ours) / median(peers) with its 95 % interval from the bootstrap; both of shape (rounds,).

    Rounds are drawn with replacement, the same for both: what slowed both down in one round stays paired.
    """
    if ours.shape != peers.shape or ours.ndim != 1 or ours.size == 0:
        raise ValueError(f"expected two arrays of the same shape (rounds,), got {ours.shape} and {peers.shape}")
    drawn = np.random.default_rng(seed).integers(ours.size, size=(RESAMPLES, ours.size))
    ratios = np.median(ours[drawn], axis=1) / np.median(peers[drawn], axis=1)  # (RESAMPLES,)
    low, high = np.quantile(ratios, (0.025, 0.975))
    return Interval(float(np.median(ours) / np.median(peers)), float(low), float(high))
