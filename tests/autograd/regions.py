"""Strategies for the arguments of primitives that pool or resize images: `(arrays, parameters)`."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.kernels.pooling import Regions
from tapegrad.autograd.kernels.resizing import Resizing, linear, nearest
from tapegrad.autograd.testing import strategies as draw

from .arguments import ANY, Drawn
from .kernels.pooling.drawing import regions_of, winners_of

LEADING = st.sampled_from(((2,), (1, 2), (2, 3), (0, 1), (1, 0)))


def along(n: int, gaps: bool = True) -> st.SearchStrategy[Regions]:
    """Regions of small images with n axes."""
    return regions_of(gaps, max_side=4, axes=n)


@st.composite
def taken(call: st.DrawFn, n: int) -> Drawn:
    regions, leading = call(along(n)), call(LEADING)
    x = call(draw.arrays((*leading, *regions.spatial)))
    return (x, call(winners_of(leading, regions))), {"regions": regions}


@st.composite
def put_back(call: st.DrawFn) -> Drawn:
    regions, leading = call(regions_of(max_side=4)), call(LEADING)
    g = call(draw.arrays((*leading, *regions.output)))
    return (g, call(winners_of(leading, regions))), {"regions": regions}


@st.composite
def averaged(call: st.DrawFn, n: int) -> Drawn:
    regions = call(along(n, gaps=False))
    x = call(draw.arrays((*call(LEADING), *regions.spatial), ANY))
    grid = np.random.default_rng(call(draw.seeds())).integers(1, 9, regions.output).astype(float)
    return (x,), {"regions": regions, "divisor": call(st.sampled_from((4, grid)))}


@st.composite
def summed(call: st.DrawFn) -> Drawn:
    regions = call(regions_of(gaps=False, max_side=4))
    return (call(draw.arrays((*call(LEADING), *regions.spatial), ANY)),), {"regions": regions}


@st.composite
def spread(call: st.DrawFn) -> Drawn:
    regions = call(regions_of(gaps=False, max_side=4))
    return (call(draw.arrays((*call(LEADING), *regions.output), ANY)),), {"regions": regions}


@st.composite
def interpolated(call: st.DrawFn, back: bool = False) -> Drawn:
    """Arguments of the interpolation, or of its adjoint."""
    sides = st.lists(st.integers(1, 4), min_size=1, max_size=3)
    spatial = tuple(call(sides))
    output = tuple(call(st.integers(1, 5)) for _ in spatial)
    scales: Any = (None,) * len(spatial)
    made: tuple[Resizing, ...] = (
        nearest(spatial, output, scales),
        linear(spatial, output, scales, True),
        linear(spatial, output, scales, False),
    )
    x = call(draw.arrays((*call(LEADING), *(output if back else spatial)), ANY))
    return (x,), {"resizing": call(st.sampled_from(made))}
