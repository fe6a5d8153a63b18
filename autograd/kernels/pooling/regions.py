"""What a pooling pools: the part of an image that goes into each result.

Whether windows slide with stride, padding and dilation, or are as many as the result is to have, for kernels they are
tables: where along each axis a region begins, and how many elements it has. Regions hold no padding; at the border they
are smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..bands import Band

__all__ = ["Regions", "adaptive", "side_by_side", "sliding"]

Shape = tuple[int, ...]
Table = NDArray[np.intp]

_AXES = 3  # images with fewer have more of size 1 before them


@dataclass(frozen=True, eq=False)
class Regions:
    """Along axis i, the region of result o has the elements first[i, o] + k step[i], for k below count[i, o].

    The position of an element in its region is a number, row by row of a region of full `size`. The same regions are
    the same object, so they may be part of what a cache remembers.
    """

    name: str
    spatial: Shape
    """Of the images, and `output` of the results; the axes that they have."""
    output: Shape
    first: Table
    """(3, longest axis of the output), as `count`; 0 beyond the end of an axis."""
    count: Table
    step: Shape
    size: Shape
    """The largest count along each of the three axes."""
    window: tuple[Shape, Shape, Shape, Shape] | None = None
    """Kernel, stride, padding and dilation, if these are places of a window."""

    def __str__(self) -> str:
        return self.name

    @cached_property
    def nobody(self) -> int:
        """What stands for no position at all."""
        return prod(self.size)

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        """The smallest that holds positions."""
        return np.dtype(np.uint8 if self.nobody < 256 else np.int32)

    @cached_property
    def images(self) -> Shape:
        """The three axes of images."""
        return (1,) * (_AXES - len(self.spatial)) + self.spatial

    @cached_property
    def results(self) -> Shape:
        """The three axes of results."""
        return (1,) * (_AXES - len(self.output)) + self.output

    @cached_property
    def covering(self) -> tuple[Table, Table]:
        """Where an element may be: along axis i, element p in no region before start[i, p] or from stop[i, p] on."""
        start, stop = np.zeros((2, _AXES, max(self.images)), np.intp)
        for i, (elements, results) in enumerate(zip(self.images, self.results, strict=True)):
            first = self.first[i, :results]
            last = first + (self.count[i, :results] - 1) * self.step[i]
            nearest = np.minimum.accumulate(first[::-1])[::-1]  # with gaps in them, regions are not in order
            furthest = np.maximum.accumulate(last)
            start[i, :elements] = np.searchsorted(furthest, np.arange(elements), "left")
            stop[i, :elements] = np.searchsorted(nearest, np.arange(elements), "right")
        return start, stop

    @cached_property
    def tiled(self) -> bool:
        """Whether the regions of a row share no element and leave none out."""
        width = self.results[-1]
        ends = self.first[-1, :width] + self.count[-1, :width]
        starts = np.append(self.first[-1, 1:width], self.images[-1])
        return bool(self.step[-1] == 1 and self.first[-1, 0] == 0 and np.array_equal(ends, starts))

    @cached_property
    def squares(self) -> bool:
        """Whether these are windows of 2×2 side by side, as many as there are in an image."""
        return len(self.spatial) == 2 and self is side_by_side(self.spatial)

    @property
    def is_any_empty(self) -> bool:
        """Whether there is a region without elements."""
        return any(self.count[i, :n].min() < 1 for i, n in enumerate(self.results))

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """Along each axis, the sums of regions that have no gaps, as a linear map."""
        axes = list(zip(self.images, self.results, self.first, self.count, strict=True))
        return tuple(Band(size, first[:n], count[:n]) for size, n, first, count in axes[-len(self.output) :])

    @cached_property
    def origins(self) -> Table:
        """(*output): the place in the raveled image of the first element of each region."""
        depth, height, width = (self.first[i, :n] for i, n in enumerate(self.results))
        _, rows, columns = self.images
        places = (depth[:, None, None] * rows + height[:, None]) * columns + width
        return places.reshape(self.output)

    @cached_property
    def offsets(self) -> Table:
        """(positions,): how far in the raveled image an element is from the first of its region."""
        _, rows, columns = self.images
        depth, height, width = (np.arange(n) * step for n, step in zip(self.size, self.step, strict=True))
        return ((depth[:, None, None] * rows + height[:, None]) * columns + width).reshape(-1)


def _regions(name: str, spatial: Shape, axes: Sequence[tuple[Table, Table, int]], window: Any = None) -> Regions:
    """Regions from (first, count, step) of each axis."""
    output = tuple(len(first) for first, _, _ in axes)
    missing = _AXES - len(axes)
    first, count = np.zeros((2, _AXES, max(1, *output)), np.intp)
    count[:missing, 0] = 1
    for i, (starts, counts, _) in enumerate(axes, missing):
        first[i, : len(starts)], count[i, : len(counts)] = starts, counts
    for table in (first, count):
        table.setflags(write=False)
    step = (1,) * missing + tuple(step for _, _, step in axes)
    size = tuple(int(counts.max()) for counts in count)
    return Regions(name, spatial, output, first, count, step, size, window)


@lru_cache(1024)
def sliding(spatial: Shape, output: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape) -> Regions:
    """Windows that start at -padding and move by stride."""
    axes = []
    for n, outputs, k, move, before, step in zip(spatial, output, kernel, stride, padding, dilation, strict=True):
        start = np.arange(outputs) * move - before
        skipped = np.maximum(-(start // step), 0)  # those in the padding
        end = np.minimum(k, -((start - n) // step))
        axes.append((start + skipped * step, end - skipped, step))
    window = kernel, stride, padding, dilation
    return _regions(_described(*window), spatial, axes, window)


def side_by_side(spatial: Shape) -> Regions:
    """Windows of 2 elements along each axis, as many as there are."""
    two = (2,) * len(spatial)
    return sliding(spatial, tuple(n // 2 for n in spatial), two, two, (0,) * len(spatial), (1,) * len(spatial))


@lru_cache(1024)
def adaptive(spatial: Shape, output: Shape) -> Regions:
    """As many regions as asked for, which cover the image and differ in size by one at most."""
    axes = []
    for n, outputs in zip(spatial, output, strict=True):
        o = np.arange(outputs)
        first = o * n // outputs
        axes.append((first, -(-(o + 1) * n // outputs) - first, 1))
    return _regions(f"{_times(output)} adaptive", spatial, axes)


def _described(kernel: Shape, stride: Shape, padding: Shape, dilation: Shape) -> str:
    """`3×3, stride 2×2`: what differs from windows side by side."""
    parts = [_times(kernel)]
    if stride != kernel:
        parts.append(f"stride {_times(stride)}")
    if any(padding):
        parts.append(f"padding {_times(padding)}")
    if max(dilation) > 1:
        parts.append(f"dilation {_times(dilation)}")
    return ", ".join(parts)


def _times(sizes: Shape) -> str:
    return "×".join(map(str, sizes))
