"""Real and complex arrays as vectors over the real numbers: their inner product, and random directions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["inner", "magnitude", "random_like"]


def inner(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Re Σ conj(a) b."""
    return float(np.vdot(a, b).real)


def magnitude(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Σ |a| |b|: rounding errors of the inner product are of this size times the precision."""
    return float(np.vdot(np.abs(a), np.abs(b)))


def random_like(x: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    """Numbers of the same shape and dtype, between 1/2 and 1 in size (each part, if complex): none is overlooked."""

    def part() -> NDArray[Any]:
        return np.asarray(rng.uniform(0.5, 1, x.shape) * rng.choice((-1, 1), x.shape))

    return np.asarray(part() + 1j * part() if x.dtype.kind == "c" else part(), x.dtype)
