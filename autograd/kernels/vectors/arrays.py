"""Functions of flat arrays alone, without Numba's wrap-around of negative indices."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed

from .tile import Emitter, Tile, intrinsic

__all__ = ["clear", "copy", "entry", "writable"]


@intrinsic
def entry(typing: Any, table: Any, at: Any) -> Any:
    """table[at], an integer."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, Tile(types.float64, 1, 1))
        return builder.load(to.pointer(signature.args[0], args[0], args[1], 1))

    return types.intp(table, types.intp), emit


@intrinsic
def copy(typing: Any, y: Any, to: Any, x: Any, at: Any, count: Any) -> Any:
    """y[to : to + count] = x[at : at + count]; the two do not overlap."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        emitter = Emitter(context, builder, Tile(y.dtype, 1, 1))
        y_array, to, x_array, at, count = args
        target = emitter.pointer(signature.args[0], y_array, to, count)
        source = emitter.pointer(signature.args[2], x_array, at, count)
        cgutils.raw_memcpy(builder, target, source, count, emitter.tile.bytes)
        return context.get_dummy_value()

    return types.void(y, types.intp, x, types.intp, types.intp), emit


@intrinsic
def clear(typing: Any, y: Any, at: Any, count: Any) -> Any:
    """y[at : at + count] = 0"""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        emitter = Emitter(context, builder, Tile(y.dtype, 1, 1))
        pointer = emitter.pointer(signature.args[0], *args)
        size = builder.mul(args[2], args[2].type(emitter.tile.bytes))
        cgutils.memset(builder, pointer, size, 0)
        return context.get_dummy_value()

    return types.void(y, types.intp, types.intp), emit


@intrinsic
def writable(typing: Any, array: Any) -> Any:
    """The same array under the type of arrays that may be written to, so that one variable can hold both kinds."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return impl_ret_borrowed(context, builder, signature.return_type, args[0])

    return array.copy(readonly=False)(array), emit
