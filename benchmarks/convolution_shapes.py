"""The convolutions that are measured: their sizes, their arrays, and how much arithmetic they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

BATCH = 128


@dataclass(frozen=True)
class Shape:
    """A convolution of square images with square kernels, without a bias."""

    channels: int
    size: int
    outputs: int
    kernel: int
    stride: int = 1
    padding: int = 0
    groups: int = 1

    @property
    def x(self) -> tuple[int, int, int, int]:
        """(N, C, H, W)"""
        return BATCH, self.channels, self.size, self.size

    @property
    def weight(self) -> tuple[int, int, int, int]:
        """(out, in / groups, kh, kw)"""
        return self.outputs, self.channels // self.groups, self.kernel, self.kernel

    @property
    def y(self) -> tuple[int, int, int, int]:
        """(N, out, H', W')"""
        size = (self.size + 2 * self.padding - self.kernel) // self.stride + 1
        return BATCH, self.outputs, size, size

    @property
    def flop(self) -> int:
        """Multiplications and additions of the direct form, in each of the three passes; those with padding count."""
        return 2 * int(np.prod(self.y)) * int(np.prod(self.weight[1:]))

    def __str__(self) -> str:
        kind = f"{self.channels} depthwise" if self.groups == self.channels > 1 else f"{self.channels} → {self.outputs}"
        return f"{kind}, {self.size}×{self.size}, {self.kernel}×{self.kernel}{', stride 2' * (self.stride == 2)}"


@dataclass(frozen=True)
class Arrays:
    """Input, weight, and the gradient that comes back for the output; in C order."""

    x: NDArray[np.floating]
    weight: NDArray[np.floating]
    g: NDArray[np.floating]

    def astype(self, dtype: DTypeLike) -> Arrays:
        """The same numbers in another dtype."""
        return Arrays(self.x.astype(dtype), self.weight.astype(dtype), self.g.astype(dtype))


def draw(shape: Shape, seed: int) -> Arrays:
    """Normally distributed numbers in float32."""
    rng = np.random.default_rng(seed)
    x, weight, g = (rng.standard_normal(size, dtype=np.float32) for size in (shape.x, shape.weight, shape.y))
    return Arrays(x, weight, g)


FIGURE = Shape(32, 26, 64, 3)
OTHERS = (
    Shape(1, 28, 32, 3),
    Shape(64, 14, 128, 3, padding=1),
    Shape(64, 14, 256, 1),
    Shape(64, 28, 64, 3, padding=1, groups=64),
    Shape(32, 14, 64, 5, padding=2),
    Shape(64, 28, 128, 3, stride=2, padding=1),
)
