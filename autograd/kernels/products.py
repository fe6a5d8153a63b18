"""The product of two matrices, with a bias: in register tiles where that is quicker than NumPy's BLAS.

It is for sizes of networks that fit a CPU: BLAS spends much of its time there on packing, and on threads of its own
that come in the way of ours. Tiny and huge products, and those whose columns do not fill vectors, go to BLAS.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .blas import matmul
from .buffers import empty
from .jit import enabled, readable
from .sharing import board, helpers

__all__ = ["product", "warm"]

_SMALLEST = 1 << 17  # multiplications
_LARGEST = 1 << 21  # numbers in the right matrix; beyond, packing pays
_SHARED = 1 << 19  # multiplications from which it pays to share them with other threads
_WORTH_TURNING = 24  # rows and columns from which it pays to turn the right matrix first
_FILLING = {"f": 32, "d": 16}  # columns, by dtype: whole tiles of the narrower kind where vectors are widest
_PANEL = 1 << 15  # numbers in a right matrix that stays in the caches near a core
_RANGES = 8  # about so many blocks in all
# How many times K must be N to be halved: b is a weight, then, and a thread that has updated half of its rows finds
# them in its core's cache. Rows that another core has read as well take up to five times as long to update (measured).
_LONG = 4


def product(a: NDArray[Any], b: NDArray[Any], bias: NDArray[Any] | None = None) -> NDArray[Any]:
    """a (N, K) @ b (K, O) + bias (O,), in row order."""
    if _suits(a, b):
        return _tiled(a, b, bias)
    y = matmul(a, b)
    return y if bias is None else np.add(y, bias, out=y if y.dtype == bias.dtype else None)


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py), with both widths of tiles."""
    filling, rows = _FILLING[np.dtype(dtype).char], 24
    for columns in (filling, 2 * filling):
        b = np.ones((_SMALLEST // rows // columns + 1, columns), dtype)
        a = np.ones((rows, len(b)), dtype)
        product(a, b)
        product(a, np.asfortranarray(b))


def _suits(a: NDArray[Any], b: NDArray[Any]) -> bool:
    """Whether register tiles make a @ b."""
    filling = _FILLING.get(b.dtype.char)
    K, O = b.shape
    if filling is None or O % filling or a.dtype is not b.dtype or not b.dtype.isnative:
        return False
    if a.size * O < _SMALLEST or b.size > _LARGEST:
        return False
    flags, others = b.flags, a.flags
    in_order = flags.c_contiguous or (flags.f_contiguous and min(len(a), K, O) >= _WORTH_TURNING)
    return in_order and others.forc and others.aligned and flags.aligned and enabled()


def _tiled(a: NDArray[Any], b: NDArray[Any], bias: NDArray[Any] | None) -> NDArray[Any]:
    multiply, multiply_turned, heights = _kernels()
    (N, K), O = a.shape, b.shape[1]
    y = empty((N, O), b.dtype)
    filling = _FILLING[b.dtype.char]
    # wide tiles are a tenth quicker, if they do not reach further over the last row
    wide = O % (2 * filling) == 0 and N + -N % heights[4] <= 1.1 * (N + -N % heights[2])
    vectors = (0, 0, 0, 0) if wide else (0, 0)
    tile = heights[len(vectors)]
    a_rows, step = (_table(N, K, tile), 1) if a.flags.c_contiguous else (_table(N, 1, tile), N)
    arguments = (
        readable(a.ravel("K")), a_rows, step, readable(b.ravel("K")),
        _zeros(O, b.dtype.char) if bias is None else readable(np.ascontiguousarray(bias, b.dtype)),
        y.reshape(-1), _table(N, O, tile), K, O,
    )  # fmt: skip
    share = N * K * O >= _SHARED
    expected = helpers() if share else 0
    if not b.flags.c_contiguous:
        multiply_turned(board, expected, O // (2 * filling if wide else filling), 1, *arguments, vectors)
        return y
    halves = 2 if share and K >= _LONG * N else 1
    columns, rows = _block(N, K, O, tile, halves)
    rest = y if halves == 1 else empty((N, O), b.dtype)
    multiply(
        board, expected, halves * -(-O // columns) * -(-N // rows), 1, *arguments, _zeros(O, b.dtype.char),
        rest.reshape(-1), halves, columns, rows, vectors,
    )  # fmt: skip
    return y if halves == 1 else np.add(y, rest, out=y)


@cache
def _kernels() -> tuple[Any, Any, dict[int, int]]:
    """Imported when they are first needed, for they need Numba; and the heights of tiles."""
    from .multiplying import multiply, multiply_turned
    from .vectors import ROWS

    return multiply, multiply_turned, ROWS


def _block(N: int, K: int, O: int, tile: int, halves: int) -> tuple[int, int]:
    """Columns and rows of the blocks that threads take one at a time, of whole tiles."""
    columns = O if K * O <= _PANEL else min(O, 128)
    tiles = -(-N // tile)
    return columns, max(1, tiles * -(-O // columns) * halves // _RANGES) * tile


@lru_cache(maxsize=64)
def _table(rows: int, step: int, tile: int) -> NDArray[np.intp]:
    """Where each row begins, filled up to whole tiles."""
    table = np.arange(rows) * step
    return readable(np.concatenate([table, np.repeat(table[-1:], -rows % tile)]))


@lru_cache(maxsize=64)
def _zeros(size: int, dtype: str) -> NDArray[Any]:
    return readable(np.zeros(size, dtype))
