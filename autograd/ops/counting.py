"""Counting numbers, or adding up weights of each."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..constants import plain
from ..errors import ShapeError
from ..primitive import nondifferentiable
from .creating import asarray
from .indexing import scatter_add
from .shaping import astype

__all__ = ["bincount"]


def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    """How often each of the numbers 0, 1, 2 ... is in x; or the sum of the weights that stand where it is.

    Raises:
        TypeError, ValueError: x holds something else than such numbers, or has more than one axis.
        ShapeError: not one weight for each element of x.
    """
    counts = _counts(x, minlength=minlength)
    if weights is None:
        return counts
    weights, places = asarray(weights), np.asarray(plain(x))
    if weights.shape != places.shape:
        raise ShapeError(f"bincount: expected a weight for each of {places.shape} elements, got shape {weights.shape}")
    if not np.can_cast(weights.dtype, np.float64):
        raise TypeError(f"bincount: weights are added up as float64, which {weights.dtype} is not")
    return scatter_add(astype(weights, np.float64), places.astype(np.intp), counts.shape)


@nondifferentiable
def _counts(x: Any, minlength: int) -> Any:
    return np.bincount(x, minlength=minlength)
