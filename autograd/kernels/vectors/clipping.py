"""Stores of parts of tiles, at the edge of an image or of its channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from .memory import grid
from .selecting import fours, squares, winners_of
from .tile import INT32, Emitter, intrinsic

__all__ = ["store_first", "store_inside", "store_winners_inside", "write", "write_winners"]


@intrinsic
def write(typing: Any, y: Any, at: Any, count: Any, tile: Any) -> Any:
    """y[at[i] : at[i] + count] = the first `count` numbers of the tile's row i."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        y, at, count, value = args
        _write(to, to.unpack(value), signature.args[0], y, at, count)
        return context.get_dummy_value()

    return types.void(y, at, types.intp, tile), emit


@intrinsic
def write_winners(typing: Any, y: Any, at: Any, count: Any, tile: Any, positive: Any) -> Any:
    """Which of each four rows of a tile has the largest number, 0, 1, 2 or 3, written in bytes as `write` does.

    Of equal ones the first. If only positive ones can win, 4 stands where there is none.
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        y, at, count, value, positive = args
        _write(to, winners_of(to, value, fours(tile), positive), signature.args[0], y, at, count)
        return context.get_dummy_value()

    return types.void(y, at, types.intp, tile, types.boolean), emit


def _write(to: Emitter, vectors: Sequence[Any], array_type: Any, array: Any, at: Any, count: Any) -> None:
    builder, columns, lanes = to.builder, to.tile.columns, to.tile.lanes
    whole = builder.icmp_signed(">=", count, count.type(columns * lanes))
    with builder.if_else(whole, likely=True) as (wholly, partly):
        with wholly:
            for n, vector in enumerate(vectors):
                place = to.shifted(builder.extract_value(at, n // columns), n % columns * lanes)
                to.store(vector, array_type, array, place)
        with partly:
            for n, vector in enumerate(vectors):
                place = to.shifted(builder.extract_value(at, n // columns), n % columns * lanes)
                left = builder.sub(count, count.type(n % columns * lanes))
                store_first(to, vector, array_type, array, place, left)


@intrinsic
def store_inside(typing: Any, y: Any, at: Any, step: Any, jump: Any, inside: Any, tile: Any) -> Any:
    """`store` of the vectors (i, j) with i < inside[0] and j < inside[1]: of each, the first inside[2] numbers."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        y, at, step, jump, inside, value = args
        places = grid(builder, tile.rows, tile.columns, at, step, jump)
        _store_inside(to, to.unpack(value), places, tile.columns, signature.args[0], y, inside)
        return context.get_dummy_value()

    return types.void(y, types.intp, types.intp, types.intp, inside, tile), emit


@intrinsic
def store_winners_inside(
    typing: Any, y: Any, at: Any, step: Any, jump: Any, inside: Any, tile: Any, positive: Any
) -> Any:
    """Which of each 2×2 square of a tile is the largest, 0, 1, 2, 3 row by row, stored in bytes as `store_inside` does.

    Of equal ones the first. If only positive ones can win, 4 stands where there is none.
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        y, at, step, jump, inside, value, positive = args
        places = grid(builder, tile.rows // 2, tile.columns // 2, at, step, jump)
        _store_inside(
            to, winners_of(to, value, squares(tile), positive), places, tile.columns // 2, signature.args[0], y, inside
        )
        return context.get_dummy_value()

    return types.void(y, types.intp, types.intp, types.intp, inside, tile, types.boolean), emit


def _store_inside(
    to: Emitter, vectors: Sequence[Any], places: Sequence[Any], across: int, array_type: Any, array: Any, inside: Any
) -> None:
    builder = to.builder
    rows, columns, count = (builder.extract_value(inside, i) for i in range(3))
    within = [
        builder.icmp_signed(">=", limit, limit.type(size))
        for limit, size in ((rows, len(vectors) // across), (columns, across), (count, to.tile.lanes))
    ]
    whole = builder.and_(builder.and_(within[0], within[1]), within[2])
    with builder.if_else(whole, likely=True) as (wholly, partly):
        with wholly:
            for vector, place in zip(vectors, places, strict=True):
                to.store(vector, array_type, array, place)
        with partly:
            for n, (vector, place) in enumerate(zip(vectors, places, strict=True)):
                below = builder.icmp_signed(">", rows, rows.type(n // across))
                beside = builder.icmp_signed(">", columns, columns.type(n % across))
                with cgutils.if_likely(builder, builder.and_(below, beside)):
                    store_first(to, vector, array_type, array, place, count)


def store_first(to: Emitter, vector: Any, array_type: Any, array: Any, offset: Any, count: Any) -> None:
    """array[offset : offset + count] = vector[:count]; nothing if count is not positive."""
    builder, lanes = to.builder, to.tile.lanes
    numbered = ir.Constant(ir.VectorType(count.type, lanes), list(range(lanes)))
    undefined = ir.Constant(numbered.type, ir.Undefined)
    everywhere = ir.Constant(ir.VectorType(INT32, lanes), [0] * lanes)
    limit = builder.shuffle_vector(builder.insert_element(undefined, count, INT32(0)), undefined, everywhere)
    mask = builder.icmp_signed("<", numbered, limit)
    stored = builder.select(builder.icmp_signed("<", count, count.type(lanes)), count, count.type(lanes))
    with cgutils.if_likely(builder, builder.icmp_signed(">", count, count.type(0))):
        pointer = builder.bitcast(to.pointer(array_type, array, offset, stored), vector.type.as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [vector.type, pointer.type, INT32, mask.type])
        element = {4: "f32", 8: "f64"}[to.tile.bytes] if vector.type == to.tile.vector else "i8"
        name = f"llvm.masked.store.v{lanes}{element}.p0"
        function = cgutils.get_or_insert_function(builder.module, kind, name)
        builder.call(function, [vector, pointer, INT32(1), mask])
