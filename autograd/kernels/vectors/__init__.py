"""Explicit vectors for Numba: a tile of them is a value, and lives in registers.

Numba has no vector type. Here a `Tile` of rows × columns vectors is a Numba type over LLVM's, as wide as the vector
registers of this machine, and each function below becomes a few machine instructions for each vector of a tile. They
read and write flat contiguous arrays at an offset, without Numba's wrap-around of negative indices (which alone costs a
convolution a third of its speed).

    tile = block(y, (0, 0, 0, 0))                  # 6 rows of 4 vectors
    at = spaced(tile, 0, K)                        # where the six rows of x (6, K) begin
    for k in range(K):
        tile = outer(tile, x, at, k, w, k * O)     # += the product of a column of x and a row of w (K, O)
    write(y, spaced(tile, 0, O), O, tile)

This package needs Numba when it is imported, so it is imported when the first kernel that uses it is.
"""

from __future__ import annotations

from .arithmetic import (
    hadamard as hadamard,
    outer as outer,
    rectified as rectified,
    sandwich as sandwich,
    shifted as shifted,
)
from .arrays import clear as clear, copy as copy, entry as entry, writable as writable
from .clipping import (
    store_inside as store_inside,
    store_winners_inside as store_winners_inside,
    write as write,
    write_winners as write_winners,
)
from .memory import add as add, load as load, read as read, repeat as repeat, store as store
from .places import gather as gather, spaced as spaced
from .selecting import fourth as fourth, halved as halved
from .shapes import block as block, height as height, lanes as lanes, width as width
from .tile import ROWS as ROWS, lanes_of as lanes_of

__all__ = [
    "ROWS", "add", "block", "clear", "copy", "entry", "fourth", "gather", "hadamard", "halved", "height", "lanes",
    "lanes_of", "load", "outer", "read", "rectified", "repeat", "sandwich", "shifted", "spaced", "store",
    "store_inside", "store_winners_inside", "width", "writable", "write", "write_winners",
]  # fmt: skip
