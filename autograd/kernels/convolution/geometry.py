"""How a convolution's kernel moves over its input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

__all__ = ["Geometry", "Shape", "Sweep"]

Shape = tuple[int, ...]


class Sweep(NamedTuple):
    """How a kernel moves over images that lie in frames of zeros. One entry for each spatial axis, first to last."""

    kernel: Shape
    output: Shape
    around: Shape
    """The shape of the frame."""
    before: Shape
    """Where in its frame an image begins; before it, if the image is cropped."""
    apart: Shape
    """How far apart the image's elements come to lie."""
    stride: Shape
    dilation: Shape


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
        return Sweep(kernel, output, around, before, (1,) * len(kernel), self.stride, self.dilation)

    @lru_cache(maxsize=256)  # noqa: B019
    def adjoint(self, spatial: Shape, kernel: Shape) -> Sweep:
        """How a kernel, reversed, moves over the gradient of the result, spread out, to make that of x (*spatial)."""
        reach = [extent - 1 for extent in self.extent(kernel)]
        before = tuple(most - before for most, (before, _) in zip(reach, self.padding, strict=True))
        around = tuple(n + most for n, most in zip(spatial, reach, strict=True))
        return Sweep(kernel, spatial, around, before, self.stride, (1,) * len(kernel), self.dilation)

    def inner(self, spatial: Shape) -> tuple[slice, ...]:
        """Where the input lies among the zeros around it."""
        return tuple(slice(before, before + n) for n, (before, _) in zip(spatial, self.padding, strict=True))

    def taps(self, kernel: Shape, output: Shape) -> Iterator[tuple[Shape, tuple[slice, ...]]]:
        """Each position in the kernel, and what it sees of the padded input while the kernel moves."""
        for position in product(*map(range, kernel)):
            moves = zip(position, self.dilation, self.stride, output, strict=True)
            seen = tuple(slice(k * step, k * step + stride * count, stride) for k, step, stride, count in moves)
            yield position, seen


def _times(sizes: Iterable[object]) -> str:
    return "×".join(map(str, sizes))
