"""The largest of each four vectors of a tile, and which of the four it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir

from .tile import Emitter, Tile, intrinsic

__all__ = ["fours", "fourth", "halved", "squares", "winners_of"]


@intrinsic
def halved(typing: Any, tile: Any) -> Any:
    """The tile of max(tile[2 i : 2 i + 2, 2 j : 2 j + 2]); NaN is larger than anything."""
    return _largest(Tile(tile.dtype, tile.rows // 2, tile.columns // 2), tile, squares(tile))


@intrinsic
def fourth(typing: Any, tile: Any) -> Any:
    """The tile of max(tile[4 i : 4 i + 4, j]); NaN is larger than anything. Rows that make no four are left out."""
    return _largest(Tile(tile.dtype, tile.rows // 4, tile.columns), tile, fours(tile))


def squares(tile: Tile) -> list[Sequence[int]]:
    """The numbers of the vectors in each square of 2×2."""
    corners = [i * tile.columns + j for i in range(0, tile.rows - 1, 2) for j in range(0, tile.columns - 1, 2)]
    return [(at, at + 1, at + tile.columns, at + tile.columns + 1) for at in corners]


def fours(tile: Tile) -> list[Sequence[int]]:
    """The numbers of the vectors in each four rows of a column."""
    first = [i * tile.columns + j for i in range(0, tile.rows - 3, 4) for j in range(tile.columns)]
    return [range(at, at + 4 * tile.columns, tile.columns) for at in first]


def winners_of(to: Emitter, value: Any, groups: Sequence[Sequence[int]], positive: Any) -> list[Any]:
    """Which of each group is the largest, in bytes; if only positive ones can win, 4 where there is none."""
    builder = to.builder
    positive = builder.icmp_unsigned("!=", positive, positive.type(0))
    nobody = ir.Constant(ir.VectorType(ir.IntType(8), to.tile.lanes), [4] * to.tile.lanes)
    found = []
    for largest, winner in _contests(to, value, groups):
        won = builder.select(builder.fcmp_ordered(">", largest, to.full(0)), winner, nobody)
        found.append(builder.select(positive, won, winner))
    return found


def _largest(small: Tile, tile: Tile, groups: Sequence[Sequence[int]]) -> Any:
    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        return to.pack([largest for largest, _ in _contests(to, args[0], groups)])

    return small(tile), emit


def _contests(to: Emitter, value: Any, groups: Sequence[Sequence[int]]) -> list[tuple[Any, Any]]:
    """The largest vector of each group, and its number in bytes."""
    builder, lanes = to.builder, to.tile.lanes
    vectors = to.unpack(value)
    numbers = ir.VectorType(ir.IntType(8), lanes)
    found = []
    for first, *others in groups:
        largest, winner = vectors[first], ir.Constant(numbers, [0] * lanes)
        for n, other in enumerate(others, 1):
            candidate = vectors[other]
            better = builder.or_(
                builder.fcmp_ordered(">", candidate, largest), builder.fcmp_unordered("uno", candidate, candidate)
            )
            largest = builder.select(better, candidate, largest)
            winner = builder.select(better, ir.Constant(numbers, [n] * lanes), winner)
        found.append((largest, winner))
    return found
