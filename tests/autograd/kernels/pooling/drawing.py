"""Regions of every kind, and images to pool, drawn by hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from hypothesis import assume, strategies as st
from numpy.typing import NDArray

from tapegrad.autograd import ShapeError
from tapegrad.autograd.kernels.pooling import Regions
from tapegrad.autograd.sliding.pooling import adaptive_regions, window_regions
from tapegrad.autograd.testing import strategies as draw

Array = NDArray[Any]
WIDTHS = (1, 2, 3, 16, 17, 31, 33, 40)
"""Channels: fewer than a vector holds, as many, and more."""


class Drawn(NamedTuple):
    """Images (N, C, *spatial), and what to pool of them."""

    x: Array
    regions: Regions


@st.composite
def regions_of(call: st.DrawFn, gaps: bool = True, max_side: int = 7, axes: int | None = None) -> Regions:
    """Windows with every option, and adaptive regions; with dilation only if there may be gaps."""
    n = call(st.integers(1, 3)) if axes is None else axes
    spatial = tuple(call(st.integers(1, max_side)) for _ in range(n))
    if call(st.integers(0, 3)) == 0:
        output = tuple(call(st.integers(1, 5)) for _ in range(n))
        return adaptive_regions("drawn", n, (1, *spatial), output)[0]
    kernel = tuple(call(st.integers(1, 6 - n)) for _ in range(n))
    stride = tuple(call(st.integers(1, 3)) for _ in range(n))
    dilation = tuple(call(st.integers(1, 2 if gaps else 1)) for _ in range(n))
    padding = tuple(call(st.integers(0, k // 2)) for k in kernel)
    chosen = call(st.sampled_from((stride, None)))
    try:
        return window_regions("drawn", n, (1, *spatial), kernel, chosen, padding, dilation, call(st.booleans()))
    except ShapeError:  # too large for these images
        assume(False)
        raise


@st.composite
def pools(
    call: st.DrawFn, dtypes: Sequence[str] = ("float32", "float64"), widths: Sequence[int] = WIDTHS, gaps: bool = True
) -> Drawn:
    """Images in any layout of memory, with ties, infinities and NaN among them."""
    regions = call(regions_of(gaps))
    shape = (call(st.integers(1, 3)), call(st.sampled_from(widths)), *regions.spatial)
    return Drawn(call(images(shape, call(st.sampled_from(dtypes)))), regions)


@st.composite
def images(call: st.DrawFn, shape: tuple[int, ...], dtype: str) -> Array:
    """(N, C, *spatial) in any layout, every other one with channels last in memory."""
    last = call(st.booleans())
    turned = (shape[0], *shape[2:], shape[1]) if last else shape
    values = call(st.sampled_from(((), (-1, 0, 0, 1), (0, np.nan, 2, 1), (-np.inf, -np.inf, 3, np.nan))))
    x = call(draw.tied_arrays(turned, dtype, values) if values else draw.arrays(turned, dtype))
    return np.moveaxis(x, -1, 1) if last else x


@st.composite
def winners_of(call: st.DrawFn, shape: tuple[int, ...], regions: Regions, nobody: bool = True) -> Array:
    """Any element of each region, and if that may be, nobody."""
    rng = np.random.default_rng(call(draw.seeds()))
    depth, height, width = (
        rng.integers(0, np.broadcast_to(counts[:n], (*shape, n)))
        for counts, n in zip(regions.count, regions.results, strict=True)
    )
    grid = (*shape, *regions.results)
    i, j, k = (
        np.broadcast_to(each, grid)
        for each in (depth[..., None, None], height[..., None, :, None], width[..., None, None, :])
    )
    winners = ((i * regions.size[1] + j) * regions.size[2] + k).reshape(*shape, *regions.output)
    if nobody:
        winners = np.where(rng.random(winners.shape) < 0.2, regions.nobody, winners)
    return winners.astype(regions.dtype)
