"""Tiles read from arrays and written to them."""

from __future__ import annotations

from typing import Any

from numba import types

from .tile import Emitter, Tile, intrinsic, shape_of

__all__ = ["add", "grid", "load", "read", "repeat", "store"]


@intrinsic
def repeat(typing: Any, tile: Any, x: Any, at: Any) -> Any:
    """A tile shaped like another, whose rows are all x[at : at + width]."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        row = [to.load(signature.args[1], args[1], to.shifted(args[2], j * tile.lanes)) for j in range(tile.columns)]
        return to.pack(row * tile.rows)

    return tile(tile, x, types.intp), emit


@intrinsic
def read(typing: Any, tile: Any, x: Any, at: Any) -> Any:
    """A tile shaped like another, whose row i is x[at[i] : at[i] + width]."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        starts = [builder.extract_value(args[2], i) for i in range(tile.rows)]
        columns = [j * tile.lanes for j in range(tile.columns)]
        return to.pack([to.load(signature.args[1], args[1], to.shifted(at, j)) for at in starts for j in columns])

    return tile(tile, x, at), emit


@intrinsic(prefer_literal=True)
def load(typing: Any, x: Any, at: Any, step: Any, jump: Any, rows: Any, columns: Any) -> Any:
    """A tile of the vectors that begin at x[at + step i + jump j]."""
    if (shape := shape_of(rows, columns)) is None:
        return None
    tile = Tile(x.dtype, *shape)

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        x, at, step, jump, _, _ = args
        places = grid(builder, tile.rows, tile.columns, at, step, jump)
        return to.pack([to.load(signature.args[0], x, place) for place in places])

    return tile(x, types.intp, types.intp, types.intp, rows, columns), emit


@intrinsic
def store(typing: Any, y: Any, at: Any, step: Any, jump: Any, tile: Any) -> Any:
    """y[at + step i + jump j : ... + lanes] = tile[i, j]"""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        y, at, step, jump, value = args
        for vector, place in zip(to.unpack(value), grid(builder, tile.rows, tile.columns, at, step, jump), strict=True):
            to.store(vector, signature.args[0], y, place)
        return context.get_dummy_value()

    return types.void(y, types.intp, types.intp, types.intp, tile), emit


@intrinsic
def add(typing: Any, y: Any, at: Any, step: Any, jump: Any, tile: Any) -> Any:
    """y[at + step i + jump j : ... + lanes] += tile[i, j], for vectors that do not overlap."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        y, at, step, jump, value = args
        for vector, place in zip(to.unpack(value), grid(builder, tile.rows, tile.columns, at, step, jump), strict=True):
            to.store(builder.fadd(to.load(signature.args[0], y, place), vector), signature.args[0], y, place)
        return context.get_dummy_value()

    return types.void(y, types.intp, types.intp, types.intp, tile), emit


def grid(builder: Any, rows: int, columns: int, at: Any, step: Any, jump: Any) -> list[Any]:
    """at + step i + jump j, row by row."""
    places = []
    for _ in range(rows):
        place = at
        for _ in range(columns):
            places.append(place)
            place = builder.add(place, jump)
        at = builder.add(at, step)
    return places
