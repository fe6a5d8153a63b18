"""Convolutions of every kind, drawn by hypothesis: what a kernel is given, for it to be compared with the reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tapegrad.autograd.kernels.convolution import Geometry
from tapegrad.autograd.testing import strategies as draw

Array = NDArray[Any]
WIDTHS = (1, 1, 2, 3, 4, 5, 7, 8, 16, 17)
"""Channels of a group: fewer than a vector holds, as many, and more."""


class Drawn(NamedTuple):
    """The arguments of a convolution, and the cotangent of its result."""

    x: Array
    w: Array
    b: Array | None
    geometry: Geometry
    g: Array

    @property
    def spatial(self) -> tuple[int, ...]:
        return self.x.shape[2:]

    @property
    def kernel(self) -> tuple[int, ...]:
        return self.w.shape[2:]


@st.composite
def convolutions(
    call: st.DrawFn,
    axes: Sequence[int] = (1, 2, 3),
    dtypes: Sequence[str] = ("float32", "float64"),
    widths: Sequence[int] = WIDTHS,
    samples: Sequence[int] = (1, 2, 3, 4, 0),
    max_kernel: int = 4,
    max_room: int = 6,
    max_groups: int = 5,
    max_padding: int = 3,
) -> Drawn:
    """Arguments that go together, in any layout of memory, with every option.

    Args:
        axes: how many spatial axes there may be.
        dtypes: one of them for all arrays.
        widths: how many channels a group may have, on either side.
        samples: how many samples there may be.
        max_kernel: the kernel's largest side, along one axis; all sides together are at most 2 max_kernel² / axes.
        max_room: how many positions further than it reaches the kernel may move, at most, along each axis.
        max_groups: how many groups there may be, at most.
        max_padding: the widest padding on one side.
    """
    n = call(st.sampled_from(axes))
    many = max_kernel * max_kernel * 2 // n
    kernel = call(st.tuples(*[st.integers(1, max_kernel)] * n).filter(lambda sides: np.prod(sides) <= many))
    geometry = call(geometries(n, max_groups, max_padding))
    reach = [k - sum(padding) for k, padding in zip(geometry.extent(kernel), geometry.padding, strict=True)]
    spatial = tuple(max(least, 0) + call(st.integers(0, max_room)) for least in reach)
    into, out = call(st.sampled_from(widths)), call(st.sampled_from(widths))
    count, dtype = call(st.sampled_from(samples)), call(st.sampled_from(dtypes))
    channels = geometry.groups * out
    return Drawn(
        call(images(count, geometry.groups * into, spatial, dtype)),
        call(images(channels, into, kernel, dtype)),
        call(st.none() | draw.arrays((channels,), dtype)),
        geometry,
        call(images(count, channels, geometry.output(spatial, kernel), dtype)),
    )


@st.composite
def geometries(call: st.DrawFn, n: int, max_groups: int = 5, max_padding: int = 3) -> Geometry:
    """Ways to move over n axes: half of them plain, without stride, padding, dilation and groups."""

    def option(usual: Any, others: st.SearchStrategy[Any]) -> tuple[Any, ...]:
        return tuple(call(others) for _ in range(n)) if call(st.booleans()) else (usual,) * n

    width = st.integers(0, max_padding)
    return Geometry(
        option(1, st.integers(1, 3)),
        option((0, 0), st.tuples(width, width) | width.map(lambda both: (both, both))),
        option(1, st.integers(1, 3)),
        call(st.just(1) | st.integers(1, max_groups)),
    )


@st.composite
def images(call: st.DrawFn, samples: int, channels: int, spatial: tuple[int, ...], dtype: str) -> Array:
    """(N, C, *spatial) in any layout; every other one with its channels last in memory."""
    if call(st.booleans()):
        return call(draw.arrays((samples, channels, *spatial), dtype))
    return np.moveaxis(call(draw.arrays((samples, *spatial, channels), dtype)), -1, 1)
