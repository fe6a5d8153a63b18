"""The largest of each 2×2 square of a tile, and which of the four it is."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from .tile import Emitter, Tile, intrinsic

__all__ = ["halved", "winners_of"]


@intrinsic
def halved(typing: Any, tile: Any) -> Any:
    """The tile of max(tile[2 i : 2 i + 2, 2 j : 2 j + 2]); NaN is larger than anything."""
    small = Tile(tile.dtype, tile.rows // 2, tile.columns // 2)

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        return to.pack([largest for largest, _ in _squares(to, args[0])])

    return small(tile), emit


def winners_of(to: Emitter, value: Any, positive: Any) -> list[Any]:
    """Which of each 2×2 square is the largest, in bytes; if only positive ones can win, 4 where there is none."""
    builder = to.builder
    positive = builder.icmp_unsigned("!=", positive, positive.type(0))
    nobody = ir.Constant(ir.VectorType(ir.IntType(8), to.tile.lanes), [4] * to.tile.lanes)
    found = []
    for largest, winner in _squares(to, value):
        won = builder.select(builder.fcmp_ordered(">", largest, to.full(0)), winner, nobody)
        found.append(builder.select(positive, won, winner))
    return found


def _squares(to: Emitter, value: Any) -> list[tuple[Any, Any]]:
    """The largest vector of each 2×2 square, and its number in bytes."""
    builder, tile = to.builder, to.tile
    vectors = to.unpack(value)
    numbers = ir.VectorType(ir.IntType(8), tile.lanes)
    found = []
    for i in range(0, tile.rows - 1, 2):
        for j in range(0, tile.columns - 1, 2):
            first = i * tile.columns + j
            largest, winner = vectors[first], ir.Constant(numbers, [0] * tile.lanes)
            for n, other in enumerate((first + 1, first + tile.columns, first + tile.columns + 1), 1):
                candidate = vectors[other]
                better = builder.or_(
                    builder.fcmp_ordered(">", candidate, largest), builder.fcmp_unordered("uno", candidate, candidate)
                )
                largest = builder.select(better, candidate, largest)
                winner = builder.select(better, ir.Constant(numbers, [n] * tile.lanes), winner)
            found.append((largest, winner))
    return found
