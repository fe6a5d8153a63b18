"""Convolution in plain NumPy: a matrix product for each position in the kernel, added up.

A tap is one position in the kernel: it sees every stride-th element of the padded input, as many as the result has.
One trilinear form, Σ g (x * w), summed over taps, gives all three functions: each leaves out one of its factors. They
are the witness for the fast kernels, and stand in where those do not go: any dtype, any layout, any size.

Inside, channels come first and samples join space, so that a product is as large as it can be: (groups, channels of a
group, N * space).
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .geometry import Geometry, Shape

__all__ = ["convolve", "input_gradient", "weight_gradient"]


def convolve(x: Any, w: Any, b: Any, geometry: Geometry) -> NDArray[Any]:
    """(N, C, *spatial), (O, C / groups, *kernel), (O,) or None -> (N, O, *output)."""
    dtype, working = _dtypes(x, w) if b is None else _dtypes(x, w, b)
    spatial, kernel, groups = x.shape[2:], w.shape[2:], geometry.groups
    output = geometry.output(spatial, kernel)
    padded = _padded(_channels_first(x, groups, working), geometry)
    weights = _grouped(w, groups, working)
    y: Any = np.zeros((groups, len(w) // groups, len(x) * prod(output)), working)
    for k, tap in geometry.taps(kernel, output):
        y += weights[(..., *k)] @ padded[(..., *tap)].reshape(groups, w.shape[1], y.shape[2])
    if b is not None:
        y += b.reshape(groups, len(w) // groups, 1)
    return _samples_first(y.reshape(groups, len(w) // groups, len(x), *output), dtype)


def input_gradient(g: Any, w: Any, spatial: Shape, geometry: Geometry) -> NDArray[Any]:
    """(N, O, *output), (O, C / groups, *kernel) -> (N, C, *spatial): the adjoint of `convolve` in x."""
    dtype, working = _dtypes(g, w)
    output, kernel, groups = g.shape[2:], w.shape[2:], geometry.groups
    channels = (groups, w.shape[1], len(g))
    flat = _flat(_channels_first(g, groups, working))
    weights = _grouped(w, groups, working).swapaxes(1, 2)
    padded: Any = np.zeros((*channels, *geometry.padded(spatial)), working)
    for k, tap in geometry.taps(kernel, output):
        padded[(..., *tap)] += (weights[(..., *k)] @ flat).reshape(*channels, *output)
    return _samples_first(padded[(..., *geometry.inner(spatial))], dtype)


def weight_gradient(x: Any, g: Any, kernel: Shape, geometry: Geometry) -> NDArray[Any]:
    """(N, C, *spatial), (N, O, *output) -> (O, C / groups, *kernel): the adjoint of `convolve` in w."""
    dtype, working = _dtypes(x, g)
    output, groups = g.shape[2:], geometry.groups
    padded = _padded(_channels_first(x, groups, working), geometry)
    flat = _flat(_channels_first(g, groups, working))
    gw: Any = np.empty((*flat.shape[:2], padded.shape[1], *kernel), working)
    for k, tap in geometry.taps(kernel, output):
        seen = padded[(..., *tap)].reshape(groups, padded.shape[1], flat.shape[2])
        gw[(..., *k)] = flat @ seen.swapaxes(1, 2)
    joined: NDArray[Any] = gw.reshape(g.shape[1], *gw.shape[2:])
    return joined.astype(dtype, copy=False)


def _dtypes(*arrays: Any) -> tuple[np.dtype[Any], np.dtype[Any]]:
    """The dtype of the result, and that of the sums on the way to it: halves add up in single precision."""
    dtype = np.result_type(*(array.dtype for array in arrays))
    return dtype, np.dtype(np.float32) if dtype == np.float16 else dtype


def _channels_first(x: Any, groups: int, dtype: np.dtype[Any]) -> Any:
    """(N, C, *spatial) -> (groups, C / groups, N, *spatial)"""
    samples, channels, *spatial = x.shape
    return np.asarray(x, dtype).swapaxes(0, 1).reshape(groups, channels // groups, samples, *spatial)


def _samples_first(y: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    """(groups, C / groups, N, *spatial) -> (N, C, *spatial)"""
    joined: NDArray[Any] = y.reshape(y.shape[0] * y.shape[1], *y.shape[2:])
    return joined.swapaxes(0, 1).astype(dtype, copy=False)


def _flat(x: Any) -> Any:
    """(groups, C / groups, N, *spatial) -> (groups, C / groups, N * space)"""
    return x.reshape(*x.shape[:2], prod(x.shape[2:]))


def _grouped(w: Any, groups: int, dtype: np.dtype[Any]) -> Any:
    """(O, C / groups, *kernel) -> (groups, O / groups, C / groups, *kernel)"""
    return np.asarray(w, dtype).reshape(groups, len(w) // groups, *w.shape[1:])


def _padded(x: Any, geometry: Geometry) -> Any:
    """(..., *spatial) -> (..., *spatial with zeros around it)"""
    return np.pad(x, ((0, 0),) * (x.ndim - len(geometry.padding)) + geometry.padding)
