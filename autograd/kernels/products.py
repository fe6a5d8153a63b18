"""The product of two matrices, with a bias: in register tiles where that is quicker than NumPy's BLAS.

It is for sizes of networks that fit a CPU: BLAS spends much of its time there on packing, and on threads of its own
that come in the way of ours. Tiny and huge products, and those whose columns do not fill vectors, go to BLAS.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .blas import matmul
from .buffers import empty
from .jit import enabled, readable
from .threads import split

__all__ = ["product", "warm"]

_SMALLEST = 1 << 17  # multiplications
_LARGEST = 1 << 21  # numbers in the right matrix; beyond, packing pays
_PARALLEL = 1 << 22  # multiplications from which a second thread is worth waking
_WORTH_TURNING = 48  # rows and columns from which it pays to turn the right matrix first
_FILLING = {"f": 32, "d": 16}  # columns, by dtype: whole tiles of the narrower kind where vectors are widest


def product(a: NDArray[Any], b: NDArray[Any], bias: NDArray[Any] | None = None) -> NDArray[Any]:
    """a (N, K) @ b (K, O) + bias (O,), in row order."""
    if _suits(a, b):
        return _tiled(a, b, bias)
    if min(a.shape[0], *b.shape) >= _WORTH_TURNING and b.flags.f_contiguous and _suits(a, b, turned=True):
        return _tiled(a, _turned(b), bias)
    y = matmul(a, b)
    return y if bias is None else np.add(y, bias, out=y if y.dtype == bias.dtype else None)


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py), with both widths of tiles."""
    filling, rows = _FILLING[np.dtype(dtype).char], 24
    for columns in (filling, 2 * filling):
        b = np.ones((_SMALLEST // rows // columns + 1, columns), dtype)
        product(np.ones((rows, len(b)), dtype), b)


def _suits(a: NDArray[Any], b: NDArray[Any], turned: bool = False) -> bool:
    """Whether register tiles make a @ b; b lies in row order, or will when it is turned."""
    filling = _FILLING.get(b.dtype.char)
    if filling is None or a.dtype is not b.dtype or not b.dtype.isnative or b.shape[1] % filling:
        return False
    if a.size * b.shape[1] < _SMALLEST or b.size > _LARGEST or not (turned or b.flags.c_contiguous):
        return False
    return a.flags.forc and a.flags.aligned and b.flags.aligned and enabled()


def _tiled(a: NDArray[Any], b: NDArray[Any], bias: NDArray[Any] | None) -> NDArray[Any]:
    from .multiplying import multiply
    from .vectors import ROWS

    (N, K), O = a.shape, b.shape[1]
    y = empty((N, O), b.dtype)
    bias = _zeros(O, b.dtype.char) if bias is None else np.ascontiguousarray(bias, b.dtype)
    # wide tiles are a tenth quicker, if they do not reach further over the last row
    wide = O % (2 * _FILLING[b.dtype.char]) == 0 and N + -N % ROWS[4] <= 1.1 * (N + -N % ROWS[2])
    vectors = (0,) * (4 if wide else 2)
    tile = ROWS[len(vectors)]
    a_rows, step = (_table(N, K, tile), 1) if a.flags.c_contiguous else (_table(N, 1, tile), N)
    columns, rows = _blocks(N, O, tile)
    count = -(-O // columns) * -(-N // rows)
    grain = count if N * K * O < _PARALLEL else 1
    split(
        multiply, count, readable(a.ravel("K")), a_rows, step, readable(b.reshape(-1)), readable(bias), y.reshape(-1),
        _table(N, O, tile), (K, O, columns, rows, vectors), grain=grain,
    )  # fmt: skip
    return y


def _blocks(N: int, O: int, tile: int) -> tuple[int, int]:
    """Columns and rows of the blocks that threads take one at a time: about four in all, of whole tiles."""
    columns = min(O, max(128, -(-O // 4 // 128) * 128))
    across = -(-O // columns)
    tiles = -(-N // tile)
    return columns, -(-tiles * across // 4) * tile


def _turned(b: NDArray[Any]) -> NDArray[Any]:
    """A matrix that lies in column order, in row order."""
    from .transposing import transpose_each

    turned = empty(b.shape, b.dtype)
    transpose_each(0, 1, readable(b.T.reshape(-1)), b.shape[1], b.shape[0], turned.reshape(-1))
    return turned


@lru_cache(maxsize=64)
def _table(rows: int, step: int, tile: int) -> NDArray[np.intp]:
    """Where each row begins, filled up to whole tiles."""
    table = np.arange(rows) * step
    return readable(np.concatenate([table, np.repeat(table[-1:], -rows % tile)]))


@lru_cache(maxsize=64)
def _zeros(size: int, dtype: str) -> NDArray[Any]:
    return np.zeros(size, dtype)
