"""Several results of one decomposition in one array, for a primitive has one: flattened, and one after another."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from ..shaping import reshape

__all__ = ["pack", "unpack"]


def pack(parts: Sequence[Any], axes: Sequence[int]) -> Any:
    """Arrays joined along a last axis that takes the place of the last so many axes of each.

    Values (..., n) and vectors (..., n, n), with axes (1, 2), make one array (..., n + n²).
    """
    leading = parts[0].shape[: parts[0].ndim - axes[0]]
    flat = [part.reshape(*leading, prod(part.shape[len(leading) :])) for part in parts]
    return np.concatenate(flat, axis=-1)


def unpack(packed: Any, *shapes: tuple[int, ...]) -> list[Any]:
    """The parts of these shapes, each after the leading axes of `packed`."""
    parts, start = [], 0
    for shape in shapes:
        stop = start + prod(shape)
        parts.append(reshape(packed[..., start:stop], (*packed.shape[:-1], *shape)))
        start = stop
    return parts
