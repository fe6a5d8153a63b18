"""A square of numbers turned about its diagonal, in registers."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types

from .tile import INT32, Emitter, Tile, intrinsic

__all__ = ["turn"]


@intrinsic
def turn(typing: Any, y: Any, to: Any, y_step: Any, x: Any, at: Any, x_step: Any) -> Any:
    """y[to + y_step j + i] = x[at + x_step i + j] for i and j below `lanes`."""
    row = Tile(x.dtype, 1, 1)

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        emitter = Emitter(context, builder, row)
        y_type, _, _, x_type, _, _ = signature.args
        y, to, y_step, x, at, x_step = args
        rows = []
        for _ in range(row.lanes):
            rows.append(emitter.load(x_type, x, at))
            at = builder.add(at, x_step)
        for column in _turned(builder, rows):
            emitter.store(column, y_type, y, to)
            to = builder.add(to, y_step)
        return context.get_dummy_value()

    return types.void(y, types.intp, types.intp, x, types.intp, types.intp), emit


def _turned(builder: Any, rows: list[Any]) -> list[Any]:
    """The columns of a square: its blocks of 1, 2, 4, ... numbers change places with those across the diagonal."""
    lanes = len(rows)
    block = 1
    while block < lanes:
        upper = [lanes + j - block if j & block else j for j in range(lanes)]
        lower = [lanes + j if j & block else j + block for j in range(lanes)]
        for i in range(lanes):
            if not i & block:
                pair = rows[i], rows[i + block]
                rows[i], rows[i + block] = (_picked(builder, *pair, places) for places in (upper, lower))
        block *= 2
    return rows


def _picked(builder: Any, a: Any, b: Any, places: list[int]) -> Any:
    """The numbers at these places of a and b joined."""
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(INT32, len(places)), places))
