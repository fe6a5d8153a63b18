"""Arrays from numbers and from other arrays: conversion of nested sequences, constants, grids."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ShapeError
from ..primitive import nondifferentiable
from ..tensor import Tensor
from .arithmetic import divide
from .comparing import shape as shape_of
from .exponential import exp, log
from .joining import concatenate, stack
from .powers import power
from .selecting import where
from .shaping import astype, broadcast_to, copy, expand_dims, moveaxis, reshape

__all__ = [
    "array", "asanyarray", "asarray", "asarray_chkfinite", "ascontiguousarray", "asfortranarray", "broadcast_arrays",
    "empty_like", "full", "full_like", "geomspace", "linspace", "logspace", "meshgrid", "vander",
]  # fmt: skip


def asarray(a: Any, dtype: Any = None, order: Any = None, *, copy: bool | None = None) -> Any:
    """Nested sequences of numbers and tensors as one array; an array or a tensor is returned as it is.

    Raises:
        ShapeError: tensors of different shapes in one sequence.
    """
    if isinstance(a, list | tuple) and _holds_tensor(a):
        a = stack([asarray(part) for part in a])
    elif not isinstance(a, Tensor):
        return np.asarray(a, dtype, order, copy=copy)
    a = a if dtype is None or np.dtype(dtype) == a.dtype else astype(a, dtype)
    return _copy(a, order or "K") if copy or order in ("C", "F") else a


_copy = copy


def _holds_tensor(nested: Any) -> bool:
    return any(isinstance(x, Tensor) or (isinstance(x, list | tuple) and _holds_tensor(x)) for x in nested)


def array(object: Any, dtype: Any = None, *, copy: bool | None = True, order: str = "K", ndmin: int = 0) -> Any:
    """As `asarray`, but a copy, and with at least `ndmin` axes."""
    if not isinstance(object, Tensor) and not (isinstance(object, list | tuple) and _holds_tensor(object)):
        return np.array(object, dtype, copy=copy, order=order, ndmin=ndmin)  # type: ignore[call-overload]
    x = asarray(object, dtype, order, copy=copy)
    return x if x.ndim >= ndmin else reshape(x, (1,) * (ndmin - x.ndim) + x.shape)


def asanyarray(a: Any, dtype: Any = None, order: Any = None, *, copy: bool | None = None) -> Any:
    """As `asarray`: a tensor has no subclasses to keep."""
    return asarray(a, dtype, order, copy=copy)


def ascontiguousarray(a: Any, dtype: Any = None) -> Any:
    """As `asarray`, in C order in memory."""
    return asarray(a, dtype, "C")


def asfortranarray(a: Any, dtype: Any = None) -> Any:
    """As `asarray`, in Fortran's order in memory."""
    return asarray(a, dtype, "F")


def asarray_chkfinite(a: Any, dtype: Any = None, order: Any = None) -> Any:
    """As `asarray`.

    Raises:
        ValueError: there is NaN or infinity in it.
    """
    x = asarray(a, dtype, order)
    np.asarray_chkfinite(x.numpy() if isinstance(x, Tensor) else x)
    return x


def full(shape: Any, fill_value: Any, dtype: Any = None, order: str = "C") -> Any:
    """A value, or what broadcasts, repeated over a shape."""
    if not isinstance(fill_value, Tensor):
        return np.full(shape, fill_value, dtype, order)  # type: ignore[call-overload]
    return asarray(broadcast_to(fill_value, shape), dtype, order, copy=True)


def full_like(
    a: Any, fill_value: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None
) -> Any:
    """A value, or what broadcasts, repeated over the shape and in the dtype of `a`."""
    dtype = a.dtype if dtype is None else dtype
    return full(shape_of(a) if shape is None else shape, fill_value, dtype, "F" if order == "F" else "C")


@nondifferentiable
def empty_like(prototype: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None) -> Any:
    """Zeros of the shape and in the dtype of `prototype`: nothing is left uninitialised here."""
    return np.zeros_like(prototype, dtype, order, subok, shape)  # type: ignore[call-overload]


def broadcast_arrays(*args: Any, subok: bool = False) -> tuple[Any, ...]:
    """All arrays stretched to the shape that they have together."""
    arrays = [asarray(x) for x in args]
    shape = np.broadcast_shapes(*(x.shape for x in arrays))
    return tuple(broadcast_to(x, shape) for x in arrays)


def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> tuple[Any, ...]:
    """The coordinates of a grid's points from those along each axis.

    Raises:
        ValueError: another indexing than "xy" and "ij".
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: expected indexing 'xy' or 'ij', got {indexing!r}")
    places = list(range(len(xi)))
    if indexing == "xy" and len(xi) > 1:
        places[:2] = 1, 0
    grids = []
    for place, x in zip(places, xi, strict=True):
        grids.append(reshape(asarray(x), tuple(-1 if i == place else 1 for i in range(len(xi)))))
    return tuple(grids) if sparse else broadcast_arrays(*grids)


def linspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, dtype: Any = None, axis: int = 0
) -> Any:
    """`num` numbers from `start` to `stop` at equal steps, along a new axis.

    Raises:
        ValueError: num < 0.
    """
    if num < 0:
        raise ValueError(f"linspace: the number of samples, {num}, must not be negative")
    start, stop = broadcast_arrays(start, stop)
    steps = num - 1 if endpoint else num
    real = np.empty(0, np.result_type(start.dtype, stop.dtype, 1.0)).real.dtype
    along = np.arange(num, dtype=real).reshape(-1, *(1,) * start.ndim)
    step = divide(stop - start, max(steps, 1))
    y = start + step * along
    if endpoint and num > 1:
        y = where(along == steps, stop, y)
    if dtype is not None:
        y = astype(np.floor(y) if np.dtype(dtype).kind in "iu" else y, dtype)
    y = moveaxis(y, 0, axis)
    return (y, step if steps > 0 else step * np.nan) if retstep else y


def logspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0, dtype: Any = None, axis: int = 0
) -> Any:
    """base ** linspace(start, stop)."""
    exponents = linspace(start, stop, num, endpoint, axis=axis)
    if shape_of(base):
        start, stop, base = broadcast_arrays(start, stop, base)
        exponents, base = linspace(start, stop, num, endpoint, axis=axis), expand_dims(base, axis)
    y = power(base, exponents)
    return y if dtype is None else astype(y, dtype)


def geomspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0) -> Any:
    """`num` numbers from `start` to `stop` at equal ratios, along a new axis: start · (stop / start) ** t.

    Raises:
        ValueError: an end is 0.
    """
    start, stop = broadcast_arrays(start, stop)
    start = astype(start, np.result_type(start.dtype, stop.dtype, np.float64))
    if (start == 0).any() or (stop == 0).any():
        raise ValueError("geomspace: a geometric sequence cannot include zero")
    ratio = divide(stop, start)
    zero = ratio.dtype.type(0)
    y = expand_dims(start, axis) * exp(linspace(zero, log(ratio), num, endpoint, axis=axis))
    return y if dtype is None else astype(y, dtype)


def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """The powers of each element of a vector, as a row: x ** (N-1), ..., x, 1."""
    x = asarray(x)
    if x.ndim != 1:
        raise ShapeError(f"vander: expected a vector, got shape {x.shape}")
    x = astype(reshape(x, (-1, 1)), np.promote_types(x.dtype, int))
    powers = [x**i for i in range(len(x) if N is None else N)]
    if not powers:
        return x[:, :0]
    return concatenate(powers if increasing else powers[::-1], 1)
