"""Operations along the axes that a parameter names: in a batch these are one further on."""

from __future__ import annotations

from math import prod
from typing import Any

from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ...ops.shaping import broadcast_to, moveaxis, reshape
from .calls import Call, of_rank

__all__ = ["along_axes", "along_axis", "moments", "normalized", "numpys_axes", "numpys_axis"]


def along_axes(call: Call) -> Any:
    """Reductions; without axes, over all."""
    [x], [rank], axis = call.args, call.ranks, call.params["axis"]
    if axis is None:
        return call(x, axis=tuple(range(1, rank + 1)))
    if isinstance(axis, int):
        return call(x, axis=normalize_axis_index(axis, rank) + 1)
    return call(x, axis=tuple(i + 1 for i in normalize_axis_tuple(axis, rank)))


def along_axis(call: Call) -> Any:
    """What knows one axis alone; without, over the raveled example."""
    [x], [rank] = call.args, call.ranks
    if call.params["axis"] is not None:
        return along_axes(call)
    y = call(reshape(x, (call.size, prod(x.shape[1:]))), axis=1)
    return reshape(y, (call.size, *(1,) * rank)) if call.params.get("keepdims") else y


def moments(call: Call) -> Any:
    """Means and variances lie in front of the batch's axis."""
    return moveaxis(call(*call.args, axes=tuple(axis + 1 for axis in call.params["axes"])), 1, 0)


def normalized(call: Call) -> Any:
    """Axes are one further on; moments are taken anew."""
    rank = call.ranks[0]
    x, *parameters = (of_rank(x, rank) if batch else x for x, batch in zip(call.args[:3], call.batches, strict=False))
    x = x if call.batches[0] else broadcast_to(x, (call.size, *x.shape))
    return call(x, *parameters, axes=tuple(axis + 1 for axis in call.params["axes"]))


def numpys_axes(call: Call) -> Any:
    """`along_axes` for a function of NumPy, whose second argument is the axis."""
    return along_axes(_bound(call))


def numpys_axis(call: Call) -> Any:
    """`along_axis` for a function of NumPy, whose second argument is the axis."""
    return along_axis(_bound(call))


def _bound(call: Call) -> Call:
    x, *axis = call.args
    default = {"axis": -1 if call.name == "argsort" else None}
    given = {"axis": axis[0]} if axis else {}
    return Call(call.name, call.operation, call.size, [x], call.batches[:1], {**default, **call.params, **given})
