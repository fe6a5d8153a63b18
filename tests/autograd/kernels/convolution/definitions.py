"""Convolution as a textbook defines it: place by place, with a weight that is zero between channels of two groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np

from tapegrad.autograd.kernels.convolution import Geometry

Array: TypeAlias = Any
Index = tuple[Any, ...]


def convolution(x: Array, weight: Array, bias: Array | None, geometry: Geometry) -> Array:
    kernel = weight.shape[2:]
    padded, dense = surrounded(x, geometry), ungrouped(weight, geometry.groups)
    output = geometry.output(x.shape[2:], kernel)
    summed = list(range(1, x.ndim))
    y: Array = np.zeros((len(x), len(weight), *output), np.result_type(x, weight))
    for place, window in windows(kernel, output, geometry):
        y[place] = np.tensordot(padded[window], dense, (summed, summed))
    return y if bias is None else y + np.reshape(bias, (-1, *(1 for _ in output)))


def convolution_without_bias(x: Array, weight: Array, geometry: Geometry) -> Array:
    return convolution(x, weight, None, geometry)


def transposed_convolution(g: Array, weight: Array, spatial: tuple[int, ...], geometry: Geometry) -> Array:
    dense = ungrouped(weight, geometry.groups)
    padded = surrounded(np.zeros((len(g), dense.shape[1], *spatial), np.result_type(g, weight)), geometry)
    for place, window in windows(weight.shape[2:], g.shape[2:], geometry):
        padded[window] += np.tensordot(g[place], dense, 1)
    return padded[inside(spatial, geometry)]


def weight_gradient(x: Array, g: Array, kernel: tuple[int, ...], geometry: Geometry) -> Array:
    padded, groups = surrounded(x, geometry), geometry.groups
    dense = np.zeros((g.shape[1], x.shape[1], *kernel), np.result_type(x, g))
    for place, window in windows(kernel, g.shape[2:], geometry):
        dense += np.tensordot(g[place].T, padded[window], 1)
    blocks = dense.reshape(groups, g.shape[1] // groups, groups, x.shape[1] // groups, *kernel)
    return np.concatenate([blocks[i, :, i] for i in range(groups)])


def unfold(x: Array, kernel: tuple[int, ...], geometry: Geometry) -> Array:
    padded = surrounded(x, geometry)
    columns = [
        padded[window].reshape(len(x), x.shape[1] * int(np.prod(kernel)))
        for _, window in windows(kernel, geometry.output(x.shape[2:], kernel), geometry)
    ]
    return np.stack(columns, -1)


def fold(columns: Array, spatial: tuple[int, ...], kernel: tuple[int, ...], geometry: Geometry) -> Array:
    channels = columns.shape[1] // int(np.prod(kernel))
    padded = surrounded(np.zeros((len(columns), channels, *spatial), columns.dtype), geometry)
    for i, (_, window) in enumerate(windows(kernel, geometry.output(spatial, kernel), geometry)):
        padded[window] += columns[:, :, i].reshape(len(columns), channels, *kernel)
    return padded[inside(spatial, geometry)]


def windows(kernel: tuple[int, ...], output: tuple[int, ...], geometry: Geometry) -> Iterator[tuple[Index, Index]]:
    """Every element of the result, and what the kernel lies on there, as indices of the last axes."""
    for place in np.ndindex(output):
        along = zip(place, geometry.stride, geometry.dilation, kernel, strict=True)
        yield (..., *place), (..., *(slice(p * s, p * s + d * (k - 1) + 1, d) for p, s, d, k in along))


def surrounded(x: Array, geometry: Geometry) -> Array:
    """x with zeros around it."""
    padded: Array = np.zeros((*x.shape[:2], *geometry.padded(x.shape[2:])), x.dtype)
    padded[inside(x.shape[2:], geometry)] = x
    return padded


def inside(spatial: tuple[int, ...], geometry: Geometry) -> Index:
    """Where x lies in there."""
    return (..., *(slice(before, before + size) for (before, _), size in zip(geometry.padding, spatial, strict=True)))


def ungrouped(weight: Array, groups: int) -> Array:
    """(O, C / groups, *kernel) -> (O, C, *kernel): the weight that does the same without groups."""
    out, into = len(weight) // groups, weight.shape[1]
    dense: Array = np.zeros((len(weight), into * groups, *weight.shape[2:]), weight.dtype)
    for i in range(groups):
        dense[i * out : (i + 1) * out, i * into : (i + 1) * into] = weight[i * out : (i + 1) * out]
    return dense
