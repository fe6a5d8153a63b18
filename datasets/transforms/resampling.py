"""Images looked at in other places than those of their pixels: bilinear interpolation of a whole batch."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .kinds import Images

_BLOCK = 16_384  # pixels that are resampled at a time: what is computed of them stays in a core's cache


class _Memory(threading.local):
    """Arrays of one block that the next one uses again, in each thread its own.

    The system clears new memory page by page, which takes as long as what is computed in it.
    """

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}

    def array(self, name: str, shape: tuple[int, ...], dtype: DTypeLike = np.float32) -> NDArray[Any]:
        """Return an array with anything in it; the next call with this name returns the same memory."""
        size = math.prod(shape)
        if size > 4 * _BLOCK:  # a large image: not to be kept for ever
            return np.empty(shape, dtype)
        if name not in self._arrays:
            self._arrays[name] = np.empty(4 * _BLOCK, dtype)
        return self._arrays[name][:size].reshape(shape)


memory = _Memory()


def pixel_grid(height: int, width: int) -> Images:
    """Return x, y and 1 of each pixel, row by row: (3, H W)."""
    y, x = np.mgrid[:height, :width].reshape(2, -1).astype(np.float32)
    return np.stack([x, y, np.ones_like(x)])


def resample(images: Images, positions: Callable[[slice], Images], fill: float) -> Images:
    """Return new images whose pixels are those of `images` at other positions, interpolated between four neighbours.

        out[i, c, y, x] = images[i, c] at (x', y') = positions[:, i, W y + x]

    Around an image all is `fill`, so what comes from less than a pixel outside is a mixture. A position on a pixel
    gives exactly its value; no result is outside of the range of its neighbours.

    Args:
        images: float32 (n, C, H, W).
        positions: for a slice of the images, of length k, gives float32 (2, k, H W), which becomes ours.
        fill: the value outside of an image.
    """
    count, channels, height, width = images.shape
    resampled = np.empty((count, channels, height, width), dtype=np.float32)
    step = max(1, _BLOCK // max(1, channels * height * width))
    for start in range(0, count, step):
        block = slice(start, min(start + step, count))
        resampled[block] = _interpolated(images[block], positions(block), fill)
    return resampled


def _interpolated(images: Images, positions: Images, fill: float) -> Images:
    """Return the pixels of one block, in memory that the next one will use."""
    count, channels, height, width = images.shape
    rows, columns = height + 3, width + 3  # a frame: one pixel before, two after, for the last one has neighbours too
    framed = memory.array("framed", (count, channels, rows, columns))
    framed.fill(fill)
    framed[:, :, 1:-2, 1:-2] = images

    positions += 1
    x, y = positions  # (k, H W) each
    np.clip(x, 0, width + 1, out=x)
    np.clip(y, 0, height + 1, out=y)
    corner = np.floor(positions, out=memory.array("corner", positions.shape))
    positions -= corner
    left, top = cell = memory.array("cell", positions.shape, np.int32)
    cell[...] = corner
    top *= columns
    top += left
    planes = np.arange(0, framed.size, rows * columns).reshape(count, channels, 1)
    at = memory.array("at", (count, channels, height * width), np.intp)  # where the upper left neighbours lie
    np.add(top[:, np.newaxis], planes, out=at)
    x, y = x[:, np.newaxis], y[:, np.newaxis]

    flat = framed.reshape(-1)
    upper, upper_right, lower, lower_right = (
        flat[away:].take(at, mode="clip", out=memory.array(name, at.shape))
        for name, away in (("upper", 0), ("upper right", 1), ("lower", columns), ("lower right", columns + 1))
    )
    return _mixed(_mixed(upper, upper_right, x), _mixed(lower, lower_right, x), y).reshape(images.shape)


def _mixed(first: Images, second: Images, share: Images) -> Images:
    """Return first + share (second - first), in the memory of `first`; that of `second` is used up."""
    second -= first
    second *= share
    first += second
    return first
