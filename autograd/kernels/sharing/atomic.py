"""Numbers that several threads change: each of these is one step for all of them, and all see the same order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import types
from numba.core import cgutils

from ..vectors.tile import intrinsic

__all__ = ["add", "mark", "peek", "put", "swap", "unmark"]

_ORDER = "seq_cst"


@intrinsic
def peek(typing: Any, board: Any, at: Any) -> Any:
    """board[at]"""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load_atomic(_place(context, builder, signature, args), _ORDER, align=8)

    return types.int64(board, types.intp), emit


@intrinsic
def put(typing: Any, board: Any, at: Any, value: Any) -> Any:
    """board[at] = value"""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store_atomic(args[2], _place(context, builder, signature, args), _ORDER, align=8)
        return context.get_dummy_value()

    return types.void(board, types.intp, types.int64), emit


def _changing(operation: str, doc: str) -> Callable[..., Any]:
    @intrinsic
    def change(typing: Any, board: Any, at: Any, value: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.atomic_rmw(operation, _place(context, builder, signature, args), args[2], _ORDER)

        return types.int64(board, types.intp, types.int64), emit

    change.__doc__ = doc
    return change


add = _changing("add", "board[at] += value; what stood there before.")
mark = _changing("or", "board[at] |= value; what stood there before.")
unmark = _changing("and", "board[at] &= value; what stood there before.")
swap = _changing("xchg", "board[at] = value; what stood there before.")


def _place(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    data = context.data_model_manager[signature.args[0]].get(builder, args[0], "data")
    return cgutils.gep(builder, data, args[1])
