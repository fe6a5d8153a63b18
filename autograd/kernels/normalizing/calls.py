"""Calls of the kernels, for arrays that they take; NumPy's formulas for others."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..buffers import empty
from ..jit import enabled, readable
from ..sharing import board, helpers
from . import channels, reference
from .layouts import Channels, Rows, layout_of

__all__ = ["gradients", "moments", "normalize", "warm"]

_WORTHWHILE = 1 << 10  # numbers; for fewer Numba need not be loaded
_SHARED = 1 << 15  # numbers from which it pays to share them with other threads
_RANGES = 16  # of rows, at most: each has sums of its own


def moments(x: NDArray[Any], axes: tuple[int, ...], centred: bool = True) -> NDArray[Any]:
    """The mean and the variance over some axes, (2, ...) in float64, axes kept; if not centred, 0 and the mean square.

    Axes are sorted, and counted from the front.
    """
    x, layout = _laid_out(x, axes)
    if not isinstance(layout, Channels):
        return reference.moments(x, axes, centred)
    kept = tuple(1 if i in axes else size for i, size in enumerate(x.shape))
    return channels.moments(x, layout, centred).reshape(2, *kept)


def normalize(
    x: NDArray[Any], weight: Any, bias: Any, moments: NDArray[Any] | None, axes: tuple[int, ...], eps: float,
    centred: bool = True,
) -> NDArray[Any]:  # fmt: skip
    """(x - mean) / √(variance + eps) · weight + bias; weight and bias broadcast against x, or are numbers."""
    x, layout = _laid_out(x, axes, weight, bias)
    if isinstance(layout, Rows):
        y = empty(x.shape, x.dtype)
        parameters = _parameter(weight, layout, x), _parameter(bias, layout, x)
        rows = readable(x.reshape(layout.shape)), *parameters, float(eps), centred, y.reshape(layout.shape)
        _rows().normalize(board, *_shares(layout), *rows)
        return y
    found = _moments(x, layout, moments, axes, centred)
    if layout is None:
        return reference.normalize(x, weight, bias, found, eps)
    return channels.normalize(x, weight, bias, found, eps, layout)


def gradients(
    g: NDArray[Any], x: NDArray[Any], weight: Any, bias: Any, moments: NDArray[Any] | None, axes: tuple[int, ...],
    eps: float, centred: bool = True,
) -> tuple[NDArray[Any], NDArray[Any] | None, NDArray[Any] | None]:  # fmt: skip
    """Of x, weight and bias, None for what is a number."""
    x, layout = _laid_out(x, axes, weight, bias, g)
    of_both: Any
    if isinstance(layout, Rows):
        gx = empty(x.shape, x.dtype)
        expected, count, grain = _shares(layout)
        of_both = np.zeros((2, -(-count // grain), *layout.parameters), x.dtype)
        _rows().gradients(
            board, expected, count, grain, readable(np.ascontiguousarray(g).reshape(layout.shape)),
            readable(x.reshape(layout.shape)), _parameter(weight, layout, x), float(eps), centred, grain,
            gx.reshape(layout.shape), *of_both,
        )  # fmt: skip
    elif layout is None:
        found = _moments(x, layout, moments, axes, centred)
        return reference.gradients(g, x, weight, bias, found, axes, eps, centred)
    else:
        found = _moments(x, layout, moments, axes, centred)
        gx, *of_both = channels.gradients(g, x, weight, found, eps, centred, layout)
    return gx, _for(weight, of_both[0]), _for(bias, of_both[1])


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py)."""
    one = np.ones(1, dtype)
    for shape, axes in (((2, _WORTHWHILE), (1,)), ((_WORTHWHILE, 2), (0,)), ((1, 2, _WORTHWHILE), (0, 2))):
        x = np.ones(shape, dtype)
        normalize(x, one, one, None, axes, 1.0)
        gradients(x, x, one, one, None, axes, 1.0)


def _laid_out(
    x: NDArray[Any], axes: tuple[int, ...], weight: Any = 1.0, bias: Any = 0.0, *others: NDArray[Any]
) -> tuple[NDArray[Any], Rows | Channels | None]:
    """x, contiguous if need be, and its layout if there are kernels for it."""
    quick = x.size >= _WORTHWHILE and x.dtype.char in "fd" and x.dtype.isnative and x.flags.aligned
    if not (quick and enabled() and all(getattr(a, "dtype", x.dtype) == x.dtype for a in (weight, bias, *others))):
        return x, None
    layout = layout_of(x, axes, weight, bias)
    if layout is None and not x.flags.c_contiguous:
        x = np.ascontiguousarray(x)
        layout = layout_of(x, axes, weight, bias)
    return x, layout


def _moments(
    x: NDArray[Any], layout: Channels | None, given: NDArray[Any] | None, axes: tuple[int, ...], centred: bool
) -> NDArray[Any]:
    """Those that are given, or else taken."""
    if given is not None:
        return given
    return reference.moments(x, axes, centred) if layout is None else channels.moments(x, layout, centred)


@cache
def _rows() -> Any:
    """The module, imported when it is first needed, for it needs Numba."""
    from . import rows

    return rows


def _shares(layout: Rows) -> tuple[int, int, int]:
    """How many helpers to expect, and rows in ranges of what size: the same on any number of threads."""
    rows, length = layout.shape
    grain = max(-(-rows // _RANGES), -(-(_SHARED // 4) // length))
    return helpers() if rows * length >= _SHARED else 0, rows, grain


def _parameter(parameter: Any, layout: Rows, x: NDArray[Any]) -> NDArray[Any]:
    """As rows and parts."""
    if isinstance(parameter, np.ndarray):
        return readable(np.ascontiguousarray(parameter).reshape(layout.parameters))
    return readable(np.full(layout.parameters, parameter, x.dtype))


def _for(parameter: Any, gradient: NDArray[Any]) -> NDArray[Any] | None:
    """Sums of ranges or channels, as the gradient of a parameter."""
    if not isinstance(parameter, np.ndarray):
        return None
    total: NDArray[Any] = gradient.reshape(-1, *parameter.shape).sum(0)
    return total.astype(parameter.dtype, copy=False)
