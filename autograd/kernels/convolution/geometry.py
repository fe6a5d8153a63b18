"""How a convolution's kernel moves over its input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from math import gcd
from typing import NamedTuple

__all__ = ["Geometry", "Shape", "Sweep"]

Shape = tuple[int, ...]


class Sweep(NamedTuple):
    """How a kernel, or a part of it, moves over images that lie in frames of zeros. One entry for each spatial axis."""

    taps: tuple[range, ...]
    """Which of the kernel's elements take part."""
    places: tuple[range, ...]
    """Which of the results are made."""
    results: Shape
    around: Shape
    """The shape of the frame."""
    before: Shape
    """Where in its frame an image begins; before it, if the image is cropped."""
    stride: Shape
    """How far apart in the frame one result and the next look, and `dilation` one tap and the next."""
    dilation: Shape

    @property
    def output(self) -> Shape:
        """How many results are made."""
        return tuple(map(len, self.places))


class Geometry(NamedTuple):
    """One entry for each spatial axis, first to last."""

    stride: Shape
    padding: tuple[tuple[int, int], ...]
    """Zeros before the first and after the last position."""
    dilation: Shape
    groups: int = 1

    def __str__(self) -> str:
        """`stride 2×2, padding 1×1`: what is not as plain as can be."""
        parts = [f"stride {_times(self.stride)}"] if max(self.stride) > 1 else []
        if any(map(any, self.padding)):
            parts.append(f"padding {_times(b if b == a else f'({b}, {a})' for b, a in self.padding)}")
        if max(self.dilation) > 1:
            parts.append(f"dilation {_times(self.dilation)}")
        if self.groups > 1:
            parts.append(f"{self.groups} groups")
        return ", ".join(parts)

    def padded(self, spatial: Shape) -> Shape:
        """The spatial shape of the input with the zeros around it."""
        return tuple(n + before + after for n, (before, after) in zip(spatial, self.padding, strict=True))

    def extent(self, kernel: Shape) -> Shape:
        """How far the kernel reaches: dilation (kernel - 1) + 1."""
        return tuple(dilation * (k - 1) + 1 for k, dilation in zip(kernel, self.dilation, strict=True))

    @lru_cache(maxsize=256)  # noqa: B019 - geometries are small
    def output(self, spatial: Shape, kernel: Shape) -> Shape:
        """The spatial shape of the result: floor((in + padding - dilation (kernel - 1) - 1) / stride) + 1."""
        return tuple(
            (n - reach) // stride + 1
            for n, reach, stride in zip(self.padded(spatial), self.extent(kernel), self.stride, strict=True)
        )

    @lru_cache(maxsize=256)  # noqa: B019
    def forward(self, spatial: Shape, kernel: Shape) -> Sweep:
        """How a kernel moves over x (*spatial) to make the result."""
        before = tuple(before for before, _ in self.padding)
        around, output = self.padded(spatial), self.output(spatial, kernel)
        taps, places = tuple(map(range, kernel)), tuple(map(range, output))
        return Sweep(taps, places, output, around, before, self.stride, self.dilation)

    @lru_cache(maxsize=256)  # noqa: B019
    def adjoint(self, spatial: Shape, kernel: Shape) -> tuple[Sweep, ...]:
        """How a kernel, reversed, moves over the gradient of the result to make that of x (*spatial).

        With a stride there are several sweeps: of each axis, every stride-th element of x meets the same taps.
        """
        before = (before for before, _ in self.padding)
        axes = map(_phases, spatial, kernel, self.stride, before, self.dilation)
        sweeps = []
        for phases in product(*axes):
            taps, places, around, begins, dilation = zip(*phases, strict=True)
            sweeps.append(Sweep(taps, places, spatial, around, begins, (1,) * len(kernel), dilation))
        return tuple(sweeps)

    def inner(self, spatial: Shape) -> tuple[slice, ...]:
        """Where the input lies among the zeros around it."""
        return tuple(slice(before, before + n) for n, (before, _) in zip(spatial, self.padding, strict=True))

    def taps(self, kernel: Shape, output: Shape) -> Iterator[tuple[Shape, tuple[slice, ...]]]:
        """Each position in the kernel, and what it sees of the padded input while the kernel moves."""
        for position in product(*map(range, kernel)):
            moves = zip(position, self.dilation, self.stride, output, strict=True)
            seen = tuple(slice(k * step, k * step + stride * count, stride) for k, step, stride, count in moves)
            yield position, seen


def _phases(
    n: int, kernel: int, stride: int, padding: int, dilation: int
) -> Iterator[tuple[range, range, int, int, int]]:
    """Of one axis: taps, places, the frame's length, where the gradient begins in it, and how far apart taps look.

    With zeros between its elements, stride - 1 of them, the gradient would begin at `before` in its frame, and result i
    would see what lies at i + dilation t with tap t.
    """
    before = dilation * (kernel - 1) - padding
    common = gcd(stride, dilation)
    for i in range(min(stride, n)):
        places = range(i, n, stride)
        met = [t for t in range(min(kernel, stride // common)) if (i + dilation * t - before) % stride == 0]
        taps = range(met[0], kernel, stride // common) if met else range(0)
        begin = (before - i - dilation * met[0]) // stride if met else 0
        yield taps, places, len(places) + dilation // common * max(len(taps) - 1, 0), begin, dilation // common


def _times(sizes: Iterable[object]) -> str:
    return "×".join(map(str, sizes))
