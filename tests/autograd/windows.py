"""Strategies for the arguments of primitives whose kernel slides over its input: `(arrays, parameters)`."""

from __future__ import annotations

from math import prod
from typing import Any

from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw

from .arguments import Drawn
from .kernels.convolution.drawing import convolutions

few = convolutions(
    dtypes=draw.DTYPES,
    widths=(1, 2, 3, 2, 3, 0),
    samples=(1, 2, 1, 2, 0),
    max_kernel=3,
    max_room=2,
    max_groups=2,
    max_padding=2,
)


def convolution() -> st.SearchStrategy[Drawn]:
    return few.filter(lambda c: c.b is not None).map(lambda c: ((c.x, c.w, c.b), {"geometry": c.geometry}))


def convolution_without_bias() -> st.SearchStrategy[Drawn]:
    return few.map(lambda c: ((c.x, c.w), {"geometry": c.geometry}))


def transposed_convolution() -> st.SearchStrategy[Drawn]:
    return few.map(lambda c: ((c.g, c.w), {"spatial": c.spatial, "geometry": c.geometry}))


def weight_gradient() -> st.SearchStrategy[Drawn]:
    return few.map(lambda c: ((c.x, c.g), {"kernel": c.kernel, "geometry": c.geometry}))


def unfold() -> st.SearchStrategy[Drawn]:
    return few.map(lambda c: ((c.x,), {"kernel": c.kernel, "geometry": c.geometry}))


@st.composite
def fold(call: st.DrawFn) -> Drawn:
    drawn = call(few)
    rows, places = drawn.x.shape[1] * prod(drawn.kernel), prod(drawn.g.shape[2:])
    columns: Any = call(draw.arrays((len(drawn.x), rows, places), str(drawn.x.dtype)))
    return (columns,), {"spatial": drawn.spatial, "kernel": drawn.kernel, "geometry": drawn.geometry}
