"""Convolution and its adjoint, windows as columns and back, interpolation."""

from __future__ import annotations

import string
from typing import Any

import numpy as np

from ..building import Graph, Value
from .shaping import bordered, reshaped
from .table import emitter

__all__ = ["banded"]


def _moves(geometry: Any) -> dict[str, Any]:
    """How a kernel moves, in ONNX's words."""
    befores, afters = zip(*geometry.padding, strict=True)
    return {"strides": geometry.stride, "dilations": geometry.dilation, "pads": [*befores, *afters]}


@emitter("convolution", "convolution_without_bias")
def _convolution(g: Graph, y: Value, x: Value, weight: Value, *bias: Value, geometry: Any) -> str:
    names = [g.use(each, y.dtype) for each in (x, weight, *bias)]
    return g.op("Conv", *names, kernel_shape=weight.shape[2:], group=geometry.groups, **_moves(geometry))


@emitter("transposed_convolution")
def _transposed_convolution(g: Graph, y: Value, x: Value, weight: Value, spatial: Any, geometry: Any) -> str:
    kernel, sizes = weight.shape[2:], x.known[2:]
    moves = zip(spatial, sizes, geometry.stride, geometry.extent(kernel), geometry.padding, strict=True)
    more = [size - ((m - 1) * stride + reach - sum(pads)) for size, m, stride, reach, pads in moves]
    names = g.use(x, y.dtype), g.use(weight, y.dtype)
    options = {"kernel_shape": kernel, "group": geometry.groups, "output_padding": more}
    return g.op("ConvTranspose", *names, **options, **_moves(geometry))


@emitter("unfold")
def _unfold(g: Graph, y: Value, x: Value, kernel: Any, geometry: Any) -> str:
    """Rows and columns taken window by window: (N, C, H, W) -> (N, C, kH, H', kW, W') -> (N, C kH kW, H' W')."""
    name = bordered(g, g.use(x), [(0, 0), (0, 0), *geometry.padding], x.dtype)
    places = geometry.output(x.known[2:], kernel)
    for i, axis in enumerate((2, 4)):
        begins = np.arange(places[i]) * geometry.stride[i]
        seen = np.arange(kernel[i])[:, None] * geometry.dilation[i] + begins  # (k, places)
        name = g.op("Gather", name, g.constant(seen, np.int64), axis=axis)
    return reshaped(g, g.op("Transpose", name, perm=[0, 1, 2, 4, 3, 5]), y.shape)


@emitter("fold")
def _fold(g: Graph, _y: Value, x: Value, spatial: Any, kernel: Any, geometry: Any) -> str:
    image, block = g.constant(spatial, np.int64), g.constant(kernel, np.int64)
    return g.op("Col2Im", g.use(x), image, block, **_moves(geometry))


@emitter("interpolate")
def _interpolate(g: Graph, y: Value, x: Value, resizing: Any) -> str:
    name = g.use(x, y.dtype)
    for axis, band in enumerate(resizing.bands, x.ndim - len(resizing.bands)):
        if band.weights is None:  # one pixel for each
            name = g.op("Gather", name, g.constant(band.first, np.int64), axis=axis)
        else:
            name = banded(g, name, x.ndim, axis, band, y.dtype)
    return name


def banded(g: Graph, name: str, ndim: int, axis: int, band: Any, dtype: Any) -> str:
    """A band along one axis, as a product with its matrix."""
    matrix = np.zeros((len(band.first), band.length), dtype)
    o, k = np.nonzero(np.arange(max(band.count)) < band.count[:, None])
    matrix[o, band.first[o] + k] = 1 if band.weights is None else band.weights[o, k]
    letters = string.ascii_lowercase[:ndim]
    equation = f"{letters},z{letters[axis]}->{letters.replace(letters[axis], 'z')}"
    return g.op("Einsum", name, g.constant(matrix), equation=equation)
