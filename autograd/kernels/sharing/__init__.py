"""Kernels whose calls are shared with threads that are at work in machine code already.

`threads.split` hands work over in Python, which takes 10 µs each time: as long as a product of small matrices, and a
training step has a dozen of those. Here a kernel offers its work on a board in memory, and helpers that look at it
without Python's lock join within a microsecond:

    add = shared(_add)                            # of _add(start, stop, x, y), under @jit
    add(board, helpers(), x.size, 1 << 14, x, y)  # ranges of 16384 numbers

Everyone begins at a place of its own, so that who wrote a part of an array in one call reads it in the next: for
arrays that fit the caches of two cores, but not that of one, this saves more time than the hand-over.

`offering` and `calls` need Numba when they are imported; `helping` is Python's side.
"""

from __future__ import annotations

from .helping import helpers as helpers
from .places import board as board

__all__ = ["board", "helpers"]
