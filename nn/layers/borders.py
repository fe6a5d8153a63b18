"""Borders of images, made of their own elements."""

from __future__ import annotations

import numpy as np

from ...autograd.errors import ShapeError
from ...autograd.ops.indexing import take
from ...autograd.tensor import Tensor

__all__ = ["MODES", "bordered"]

MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""PyTorch's names, and NumPy's."""


def bordered(name: str, x: Tensor, widths: tuple[tuple[int, int], ...], mode: str) -> Tensor:
    """x with (before, after) more positions along each of its last axes.

    They are the image mirrored at its edge pixel ('reflect') or as if it were one of many ('circular'), or the edge
    pixel again and again ('replicate').

    Raises:
        ShapeError: the image is too small for this.
    """
    for axis, width in enumerate(widths, x.ndim - len(widths)):
        if not any(width):
            continue
        size = x.shape[axis]
        most = {"reflect": size - 1, "circular": size, "replicate": max(width) if size else 0}[mode]
        if max(width) > most:
            raise ShapeError(
                f"{name}: x {x.shape}: axis {axis} of {size} gives padding_mode={mode!r} at most {max(most, 0)} "
                f"positions on each side, but padding is {width}; pad less, or with another padding_mode"
            )
        x = take(x, np.pad(np.arange(size), width, MODES[mode]), axis)  # type: ignore[call-overload]
    return x
