"""Convolution and its two adjoints, on arrays of any layout: the quickest way there is for what came.

The fast kernels take float32 and float64 (float16 is computed in float32) and want channels last in memory; what they
return lies that way too, seen as (N, C, *spatial). Everything else, and a machine without Numba, goes to reference.py.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..jit import enabled
from ..layout import channels_last, pixels, planes
from . import reference
from .geometry import Geometry as Geometry, Shape

__all__ = ["Geometry", "convolve", "convolve_pooled", "input_gradient", "weight_gradient", "working_dtype"]


def convolve(x: Any, w: Any, b: Any, geometry: Geometry, relu: bool = False) -> NDArray[Any]:
    """(N, C, *spatial), (O, C / groups, *kernel), (O,) or None -> (N, O, *output); with `relu`, max(that, 0)."""
    arrays = (x, w) if b is None else (x, w, b)
    working = working_dtype(*arrays)
    if working is not None:
        y, _ = _convolve(x, w, b, geometry, working, relu, False)
        return planes(y).astype(np.result_type(*arrays), copy=False)
    y = reference.convolve(x, w, b, geometry)
    return np.maximum(y, 0, out=y) if relu else y


def convolve_pooled(x: Any, w: Any, b: Any, geometry: Geometry, relu: bool) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """2×2 max pooling of a 2-d `convolve`, and its winners as `pooling.pool` has them.

    For arrays alone whose `working_dtype` is the dtype of all of them.
    """
    y, winners = _convolve(x, w, b, geometry, x.dtype, relu, True)
    return planes(y), planes(winners)


def _convolve(x: Any, w: Any, b: Any, geometry: Geometry, dtype: Any, relu: bool, pooled: bool) -> Any:
    """What is returned has its channels last."""
    x, w = _last(x, dtype), w.astype(dtype, copy=False)
    kernel = w.shape[2:]
    way = _quickest(w.shape[:2], kernel, geometry.output(x.shape[1:-1], kernel), geometry, dtype)
    return way.convolve(x, w, b, geometry, relu, pooled)


def input_gradient(g: Any, w: Any, spatial: Shape, geometry: Geometry) -> NDArray[Any]:
    """(N, O, *output), (O, C / groups, *kernel) -> (N, C, *spatial): the adjoint of `convolve` in x."""
    working = working_dtype(g, w)
    if working is None or not prod(spatial):
        return reference.input_gradient(g, w, spatial, geometry)
    way = _quickest(w.shape[:2], w.shape[2:], g.shape[2:], geometry, working)
    gx: NDArray[Any] = way.input_gradient(_last(g, working), w.astype(working, copy=False), spatial, geometry)
    return planes(gx).astype(np.result_type(g, w), copy=False)


def weight_gradient(x: Any, g: Any, kernel: Shape, geometry: Geometry) -> NDArray[Any]:
    """(N, C, *spatial), (N, O, *output) -> (O, C / groups, *kernel): the adjoint of `convolve` in w."""
    working = working_dtype(x, g)
    if working is None:
        return reference.weight_gradient(x, g, kernel, geometry)
    way = _quickest((g.shape[1], x.shape[1] // geometry.groups), kernel, g.shape[2:], geometry, working)
    gw: NDArray[Any] = way.weight_gradient(_last(x, working), _last(g, working), kernel, geometry)
    return gw.astype(np.result_type(x, g), copy=False)


def working_dtype(*arrays: Any) -> Any:
    """The dtype in which the fast kernels compute with these arrays; None if they cannot."""
    dtype = np.result_type(*arrays)
    if dtype.char not in "efd" or not all(array.size for array in arrays) or not enabled():
        return None
    return np.dtype(np.float32) if dtype.char == "e" else dtype


def _last(x: Any, dtype: Any) -> NDArray[Any]:
    """(N, C, *spatial) -> (N, *spatial, C), contiguous, of native float32 or float64."""
    return pixels(channels_last(x.astype(dtype, copy=False)))


def _quickest(channels: Shape, kernel: Shape, output: Shape, geometry: Geometry, dtype: Any) -> Any:
    """The package whose kernels are the quickest for a weight (*channels, *kernel) and results of (*output)."""
    if _winograd_suits(channels, kernel, output, geometry, dtype):
        from . import winograd

        return winograd
    if geometry.groups > 1 and channels == (geometry.groups, 1):
        from . import depthwise

        return depthwise
    from . import direct

    return direct


def _winograd_suits(channels: Shape, kernel: Shape, output: Shape, geometry: Geometry, dtype: Any) -> bool:
    """Whether Winograd's tiles save work: not if many reach over the edge, or channels are too few or too many."""
    if kernel != (3, 3) or dtype.char != "f" or geometry.groups != 1:
        return False
    if geometry.stride != (1, 1) or geometry.dilation != (1, 1):
        return False
    if min(channels) < 16 or not _LEAST_CHANNELS <= prod(channels) <= _MOST_CHANNELS:
        return False
    covered = prod(-(-n // 4) * 4 for n in output)
    return covered < 1.8 * prod(output)


# Input channels times output channels: fewer do not pay for the transforms, more take longer to transform than to use
_LEAST_CHANNELS, _MOST_CHANNELS = 512, 1 << 17
