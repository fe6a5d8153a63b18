"""Tiles of zeros, and how large tiles are."""

from __future__ import annotations

from typing import Any

from numba import types

from .tile import ROWS, Emitter, Tile, intrinsic

__all__ = ["block", "height", "lanes", "width"]


@intrinsic
def lanes(typing: Any, array: Any) -> Any:
    """How many numbers of an array's dtype one vector holds."""
    count = Tile(array.dtype, 1, 1).lanes
    return types.intp(array), lambda context, builder, signature, args: context.get_constant(types.intp, count)


@intrinsic
def block(typing: Any, array: Any, columns: Any) -> Any:
    """A tile of zeros as high as the registers allow, of as many columns as a tuple has entries: 1, 2 or 4."""
    tile = Tile(array.dtype, ROWS[len(columns)], len(columns))

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        return to.pack([to.full(0)] * tile.size)

    return tile(array, columns), emit


@intrinsic
def height(typing: Any, tile: Any) -> Any:
    """The rows of a tile."""
    return types.intp(tile), lambda context, builder, signature, args: context.get_constant(types.intp, tile.rows)


@intrinsic
def width(typing: Any, tile: Any) -> Any:
    """The numbers in a row of a tile."""
    count = tile.columns * tile.lanes
    return types.intp(tile), lambda context, builder, signature, args: context.get_constant(types.intp, count)
