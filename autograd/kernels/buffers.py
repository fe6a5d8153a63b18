"""Large arrays in memory that was used before: fresh pages take the system longer than a kernel needs to fill them.

The pool keeps the memory that it ever handed out as plain arrays, the owners. What it hands out is a view of an owner,
and so is every view of that, for NumPy makes a view refer to who owns its memory; other holders (memoryview, ctypes,
torch) refer to one of these. So an owner that nobody but the pool refers to is free. There are no finalizers, and no
lock: whoever looks at an owner has taken it out of its queue before, which is one step for the interpreter.
"""

from __future__ import annotations

from collections import defaultdict, deque
from itertools import count
from math import prod
from sys import getrefcount
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["empty", "empty_cache"]

_SMALLEST = 1 << 17  # bytes; of smaller arrays the C library itself keeps the memory
_ALIGNMENT = 64  # bytes: the widest vectors, and a line of cache
_PERIOD = 1 << 12  # arrays handed out, dozens of training steps

_Piece: TypeAlias = tuple[NDArray[np.uint8], int]
"""An owner, and where its aligned memory begins."""


class _Shelf:
    """The pieces of one size: those used in this period, the last used first, and those that were used before."""

    __slots__ = ("old", "young")

    def __init__(self) -> None:
        self.old: deque[_Piece] = deque()
        self.young: deque[_Piece] = deque()


_shelves: defaultdict[int, _Shelf] = defaultdict(_Shelf)
_taken = count(1)
_most_used = 0  # bytes in use at one time, of late
_probe: _Piece = np.empty(0, np.uint8), 0
_UNUSED = getrefcount(_probe[0])


def empty(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """An array of undefined values, in C order; from 128 kB on it begins at a multiple of 64 bytes."""
    dtype = np.dtype(dtype)
    nbytes = prod(shape) * dtype.itemsize
    if nbytes < _SMALLEST or dtype.hasobject:
        return np.empty(shape, dtype)
    if not next(_taken) % _PERIOD:
        _let_go()
    step = 1 << (int(nbytes).bit_length() - 4)  # eight sizes between powers of two: an eighth is wasted at most
    size = -(-nbytes // step) * step + _ALIGNMENT
    piece = _unused(_shelves[size]) or _larger(size) or _made(size)
    array: NDArray[Any] = np.ndarray(shape, dtype, *piece)
    _shelves[piece[0].size].young.appendleft(piece)
    return array


def empty_cache() -> None:
    """Give memory that is kept for later arrays back to the system; what is in use follows when it is no longer."""
    _shelves.clear()


def _unused(shelf: _Shelf) -> _Piece | None:
    """Take out a piece that nobody uses, if possible the one used last."""
    for pieces in (shelf.young, shelf.old):
        for _ in range(len(pieces)):
            try:
                piece = pieces.popleft()
            except IndexError:  # another thread was quicker
                break
            if getrefcount(piece[0]) == _UNUSED:
                return piece
            pieces.append(piece)
    return None


def _larger(size: int) -> _Piece | None:
    """An unused piece of up to twice the size, rather than more memory."""
    for other in sorted(_shelves):
        if size < other <= 2 * size and (piece := _unused(_shelves[other])):
            return piece
    return None


def _made(size: int) -> _Piece:
    """A new piece. With sizes that keep changing the pool would grow; it keeps twice what is in use at one time."""
    global _most_used
    kept = [piece for shelf in list(_shelves.values()) for piece in (*shelf.young, *shelf.old)]
    used = sum(piece[0].size for piece in kept if getrefcount(piece[0]) > _UNUSED)
    _most_used = max(_most_used, used + size)
    if sum(piece[0].size for piece in kept) + size > 2 * _most_used:
        empty_cache()
    try:
        owner = np.empty(size, np.uint8)
    except MemoryError:
        empty_cache()
        owner = np.empty(size, np.uint8)
    return owner, -owner.__array_interface__["data"][0] % _ALIGNMENT


def _let_go() -> None:
    """A period has ended: keep what was used in it, and of the rest no more than those who hold it still do."""
    global _most_used
    _most_used //= 2
    for shelf in list(_shelves.values()):
        shelf.old, shelf.young = shelf.young, deque()
