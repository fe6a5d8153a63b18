"""The order of frequencies, and what they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..shaping import Axes, roll

__all__ = ["fftfreq", "fftshift", "ifftshift", "rfftfreq"]


def _halves(x: Any, axes: Axes) -> tuple[list[int], list[int]]:
    """Half of the size of each of some axes, by default all, and the axes."""
    listed = list(range(x.ndim)) if axes is None else [axes] if isinstance(axes, int) else list(axes)
    return [x.shape[axis] // 2 for axis in listed], listed


def fftshift(x: Any, axes: Axes = None) -> Any:
    """Frequency 0 moved from the beginning of some axes, by default all, to the middle."""
    return roll(x, *_halves(x, axes))


def ifftshift(x: Any, axes: Axes = None) -> Any:
    """Frequency 0 moved back from the middle to the beginning."""
    halves, listed = _halves(x, axes)
    return roll(x, [-half for half in halves], listed)


def fftfreq(n: int, d: Any = 1.0) -> Any:
    """The frequency of each element of an fft of n points that lie d apart, in cycles per unit of d."""
    return np.rint(np.fft.fftfreq(n) * n) * (1 / (n * d))


def rfftfreq(n: int, d: Any = 1.0) -> Any:
    """The frequency of each element of an rfft."""
    return np.rint(np.fft.rfftfreq(n) * n) * (1 / (n * d))
