"""What the direct kernels are told about a convolution: frames, and tables of positions and taps (see kernels.py)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..geometry import Shape, Sweep

__all__ = ["Frame", "Tables", "frame", "framed_size", "offsets", "squares", "tables"]

Frame = tuple[Shape, Shape, Shape, bool]


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
    changed = copied or sweep.around != spatial or any(sweep.before)
    return (*_three(spatial, 1), channels), _three(sweep.around, 1), _three(sweep.before, 0), changed


def framed_size(frame: Frame) -> int:
    """Numbers of an image that is copied into its frame; 0 if it need not be."""
    (*_, channels), around, _, changed = frame
    return prod(around) * channels if changed else 0


def _three(numbers: Shape, filling: int) -> Shape:
    return (filling,) * (3 - len(numbers)) + numbers


@lru_cache(maxsize=256)
def tables(sweep: Sweep, channels: int, inputs: int, row: int, height: int) -> Tables:
    """The tables for framed images of so many channels, of which a group of `inputs` meets a kernel.

    Args:
        row: how many numbers lie between two positions of the result.
        height: rows of a register tile.
    """
    windows = [range(0, len(places) * step, step) for places, step in zip(sweep.places, sweep.stride, strict=True)]
    seen = [range(0, len(taps) * step, step) for taps, step in zip(sweep.taps, sweep.dilation, strict=True)]
    starts = offsets(sweep.around, windows) * channels
    taps = (offsets(sweep.around, seen)[:, None] * channels + np.arange(inputs)).ravel()
    rows = offsets(sweep.results, sweep.places) * row
    return Tables(starts, taps, _filled(starts, height), _filled(taps, height), _filled(rows, height))


@lru_cache(maxsize=256)
def squares(sweep: Sweep, channels: int, inputs: int, row: int, height: int) -> Tables:
    """As `tables`, where each four positions are a square of 2×2; `rows` has one entry for each square."""
    found = tables(sweep, channels, inputs, row, 1)
    H, W = sweep.output[0] // 2, sweep.output[1] // 2
    starts = found.positions.reshape(sweep.output)[: 2 * H, : 2 * W]
    starts = starts.reshape(H, 2, W, 2).swapaxes(1, 2).reshape(H * W, 4)
    filled, rows = _filled(starts, height // 4), _filled(np.arange(H * W) * row, height // 4)
    return found._replace(positions=starts.ravel(), whole_positions=filled.ravel(), rows=rows)


def offsets(shape: Shape, places: Sequence[range]) -> NDArray[np.intp]:
    """The flat indices in an array of the elements at some places along each axis."""
    found: NDArray[np.intp] = np.zeros(1, np.intp)
    for size, along in zip(shape, places, strict=True):
        found = (found[:, None] * size + np.arange(along.start, along.stop, along.step)).ravel()
    return found


def _filled(table: NDArray[np.intp], height: int) -> NDArray[np.intp]:
    """A table up to whole tiles, its last row repeated."""
    missing = -len(table) % height
    return np.concatenate([table, np.repeat(table[-1:], missing, axis=0)])
