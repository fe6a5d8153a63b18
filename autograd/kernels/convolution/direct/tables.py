"""What the direct kernels are told about a convolution: frames, and tables of positions and taps (see kernels.py)."""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..geometry import Shape, Sweep

__all__ = ["Frame", "Tables", "frame", "framed_size", "tables"]

_WHOLE_TILES = 24  # a multiple of the rows of every tile

Frame = tuple[Shape, Shape, Shape, Shape, bool]


class Tables(NamedTuple):
    """Offsets of the positions of outputs, and of the taps of the kernel, in a framed image; see kernels.py."""

    positions: NDArray[np.intp]
    taps: NDArray[np.intp]
    whole_positions: NDArray[np.intp]
    """Filled up to whole tiles."""
    whole_taps: NDArray[np.intp]
    rows: NDArray[np.intp]
    """Where in an image of the result the outputs of each position go."""


def frame(spatial: Shape, channels: int, sweep: Sweep, copied: bool = False) -> Frame:
    """The frame (see staging.py) of images of `spatial`, for up to three axes, which become three.

    Args:
        copied: whether images are to be copied into it even if it is as large as they are.
    """
    changed = copied or sweep.around != spatial or any(sweep.before) or max(sweep.apart) > 1
    around, before, apart = _three(sweep.around, 1), _three(sweep.before, 0), _three(sweep.apart, 1)
    return (*_three(spatial, 1), channels), around, before, apart, changed


def framed_size(frame: Frame) -> int:
    """Numbers of an image that is copied into its frame; 0 if it need not be."""
    (*_, channels), around, _, _, changed = frame
    return prod(around) * channels if changed else 0


def _three(numbers: Shape, filling: int) -> Shape:
    return (filling,) * (3 - len(numbers)) + numbers


@lru_cache(maxsize=256)
def tables(sweep: Sweep, channels: int, inputs: int, row: int) -> Tables:
    """The tables for framed images of so many channels, of which a group of `inputs` meets a kernel.

    `row` is how many numbers lie between two positions of the result.
    """
    starts = _offsets(sweep.around, sweep.output, sweep.stride) * channels
    taps = (_offsets(sweep.around, sweep.kernel, sweep.dilation)[:, None] * channels + np.arange(inputs)).ravel()
    rows = np.arange(starts.size) * row
    return Tables(starts, taps, _filled(starts), _filled(taps), _filled(rows))


def _offsets(shape: Shape, counts: Shape, steps: Shape) -> NDArray[np.intp]:
    """The flat indices in an array of every step-th element of each axis, `counts` of them."""
    offsets: NDArray[np.intp] = np.zeros(1, np.intp)
    for size, count, step in zip(shape, counts, steps, strict=True):
        offsets = (offsets[:, None] * size + np.arange(count) * step).ravel()
    return offsets


def _filled(table: NDArray[np.intp]) -> NDArray[np.intp]:
    """A table up to whole tiles, the last entry repeated."""
    missing = -table.size % _WHOLE_TILES
    return np.concatenate([table, np.repeat(table[-1:], missing)])
