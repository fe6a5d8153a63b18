"""Tuples of places in an array, one for each row of a tile."""

from __future__ import annotations

from typing import Any

from numba import types

from .tile import INT32, Emitter, intrinsic

__all__ = ["gather", "spaced"]


@intrinsic
def spaced(typing: Any, tile: Any, at: Any, step: Any) -> Any:
    """at + step i"""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = [args[1]]
        for _ in range(tile.rows - 1):
            places.append(builder.add(places[-1], args[2]))
        return context.make_tuple(builder, signature.return_type, places)

    return types.UniTuple(types.intp, tile.rows)(tile, types.intp, types.intp), emit


@intrinsic
def gather(typing: Any, tile: Any, table: Any, at: Any, base: Any) -> Any:
    """base + table[at + i]"""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        _, table, at, base = args
        pointer = Emitter(context, builder, tile).pointer(signature.args[1], table, at, tile.rows)
        places = [builder.add(base, builder.load(builder.gep(pointer, [INT32(i)]))) for i in range(tile.rows)]
        return context.make_tuple(builder, signature.return_type, places)

    return types.UniTuple(types.intp, tile.rows)(tile, table, types.intp, types.intp), emit
