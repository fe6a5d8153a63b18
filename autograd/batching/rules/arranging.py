"""Shapes, joins and indices: where the elements of one example go, those of all go, side by side."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple
from numpy.typing import NDArray

from ...errors import BatchError
from ...ops.joining import concatenate
from ...ops.shaping import broadcast_to, reshape, transpose
from .calls import Call, of_rank

__all__ = ["broadcast", "indexed", "joined", "like", "padded", "reshaped", "scattered", "transposed"]


def reshaped(call: Call) -> Any:
    """The batch keeps its axis; columns first is rows first of the transposes."""
    [x], [rank] = call.args, call.ranks
    shape = np.empty(x.shape[1:], bool).reshape(call.params["shape"]).shape
    if call.params["order"] == "C":
        return reshape(x, (call.size, *shape))
    y = reshape(transpose(x, _backwards(rank)), (call.size, *shape[::-1]))
    return transpose(y, _backwards(len(shape)))


def _backwards(rank: int) -> tuple[int, ...]:
    return (0, *range(rank, 0, -1))


def transposed(call: Call) -> Any:
    """The batch keeps its axis."""
    [x], [rank], axes = call.args, call.ranks, call.params["axes"]
    if axes is None:
        return transpose(x, _backwards(rank))
    if len(axes) != rank:
        raise ValueError(f"transpose: axes {axes} do not match an example of {rank} axes")
    return transpose(x, (0, *(i + 1 for i in normalize_axis_tuple(axes, rank))))


def broadcast(call: Call) -> Any:
    """Each example is stretched to the shape."""
    [x], shape = call.args, call.params["shape"]
    shape = np.broadcast_to(np.empty(x.shape[1:], bool), shape).shape
    return broadcast_to(of_rank(x, len(shape)), (call.size, *shape))


def padded(call: Call) -> Any:
    """The batch gets no border."""
    [x], [rank] = call.args, call.ranks
    constants = np.zeros((rank + 1, 2), np.asarray(call.params["constant_values"]).dtype)
    constants[1:] = call.params["constant_values"]
    return call(x, widths=((0, 0), *call.params["widths"]), constant_values=constants)


def joined(call: Call) -> Any:
    """What is the same for all examples is joined to each."""
    batches = [
        x if batch else broadcast_to(x, (call.size, *np.shape(x)))
        for x, batch in zip(call.args, call.batches, strict=True)
    ]
    return concatenate(batches, normalize_axis_index(call.params["axis"], call.ranks[0]) + 1)


def indexed(call: Call) -> Any:
    """The same places in all examples."""
    [x], index = call.args, call.params["index"]
    if _has_arrays(index):
        return call(reshape(x, (call.size, -1)), index=(slice(None), _places(index, x.shape[1:])))
    return call(x, index=(slice(None), *_parts(index)))


def scattered(call: Call) -> Any:
    """The same places in all examples."""
    [values], index, shape = call.args, call.params["index"], call.params["shape"]
    if not _has_arrays(index):
        return call(values, index=(slice(None), *_parts(index)), shape=(call.size, *shape))
    places = _places(index, shape)
    flat = call(
        broadcast_to(values, (call.size, *places.shape)), index=(slice(None), places), shape=(call.size, prod(shape))
    )
    return reshape(flat, (call.size, *shape))


def _parts(index: Any) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


def _has_arrays(index: Any) -> bool:
    """Whether there is more than integers, slices, None and an ellipsis: then NumPy may move axes to the front."""
    return any(isinstance(part, np.ndarray | bool | np.bool) for part in _parts(index))


def _places(index: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """Which elements of the raveled example an index means."""
    places: NDArray[Any] = np.arange(prod(shape)).reshape(shape)[index]
    return places


def like(call: Call) -> Any:
    """zeros_like and its kin: as many of them."""
    if len(call.args) > 1 or call.params.get("shape") is not None:
        raise BatchError(f"{call.name}: vmap knows it with dtype= alone; make the array with np.zeros or its kin")
    return call(*call.args)
