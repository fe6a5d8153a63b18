"""Calls that leave their arrays: for a process in which kernels check that."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tapegrad.autograd.kernels.jit import readable

from .test_arithmetic import add_hadamard, add_outer, shift
from .test_arrays import clear_numbers, copy_numbers, entry_of
from .test_clipping import store_4x4_inside, store_winners_of_4x4_inside, write_rows, write_winners_of_8x2
from .test_memory import add_3x3, move_4x4, read_rows, repeat_row
from .test_places import gathered_places
from .test_turning import turn_square
from .tiles import lanes, tile_shape

VECTOR = lanes("float32")
ROWS, WIDTH = tile_shape("float32", 1)
PAIR = (0,)
at_zero = np.zeros(ROWS, np.intp)
square = np.ones(16 * VECTOR, np.float32)


def room(size: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.ones(size, np.float32)


def places(last: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """All rows at 0 but the last."""
    return np.append(at_zero[1:], last)


CALLS: dict[str, Callable[[int], object]] = {
    # a function of vectors, an argument of it: what is called with how far outside to go
    "add y": lambda out: add_3x3(room(VECTOR), 0, 2 * VECTOR, VECTOR, room(7 * VECTOR), out),
    "clear y": lambda out: clear_numbers(room(9), out if out < 0 else 0, 9 + out),
    "clear count": lambda out: clear_numbers(room(9), 9, -abs(out)),
    "copy y": lambda out: copy_numbers(room(9), out, readable(room(9)), 0, 9),
    "copy x": lambda out: copy_numbers(room(9), 0, readable(room(9)), out, 9),
    "copy count": lambda out: copy_numbers(room(9), 3, readable(room(9)), 3, -abs(out)),
    "entry table": lambda out: entry_of(at_zero, out if out < 0 else ROWS - 1 + out),
    "gather table": lambda out: gathered_places(square, PAIR, at_zero, out, 0),
    "hadamard x": lambda out: add_hadamard(room(ROWS * WIDTH), PAIR, room(WIDTH), places(out), 0, room(WIDTH), 0),
    "hadamard w": lambda out: add_hadamard(room(ROWS * WIDTH), PAIR, room(WIDTH), at_zero, 0, room(WIDTH), out),
    "load x": lambda out: move_4x4(square, out, 4 * VECTOR, VECTOR, square.copy(), 0, 4 * VECTOR, VECTOR),
    "outer x": lambda out: add_outer(room(ROWS * WIDTH), PAIR, room(1), places(out), 0, room(WIDTH), 0),
    "outer w": lambda out: add_outer(room(ROWS * WIDTH), PAIR, room(1), at_zero, 0, room(WIDTH), out),
    "read x": lambda out: read_rows(room(WIDTH), places(out), PAIR, room(ROWS * WIDTH)),
    "repeat x": lambda out: repeat_row(room(WIDTH), out, PAIR, room(ROWS * WIDTH)),
    "shifted b": lambda out: shift(room(ROWS * WIDTH), PAIR, room(VECTOR), out),
    "store y": lambda out: move_4x4(square, 0, 4 * VECTOR, VECTOR, square.copy(), out, 4 * VECTOR, VECTOR),
    "store_inside y": lambda out: store_4x4_inside(square, square.copy(), out, 4 * VECTOR, VECTOR, (4, 4, VECTOR)),
    "store_inside y, in part": lambda out: store_4x4_inside(square, room(3), out, 0, 0, (3, 3, 3)),
    "store_winners_inside y": lambda out: store_winners_of_4x4_inside(
        square, np.ones(4 * VECTOR, np.uint8), out, 2 * VECTOR, VECTOR, (2, 2, VECTOR), False
    ),
    "store_winners_inside y, in part": lambda out: store_winners_of_4x4_inside(
        square, np.ones(3, np.uint8), out, 0, 0, (1, 1, 3), False
    ),
    "turn y": lambda out: turn_square(room(VECTOR * VECTOR), out, VECTOR, square, 0, 0),
    "turn x": lambda out: turn_square(room(VECTOR * VECTOR), 0, VECTOR, room(VECTOR), out, 0),
    "write_winners y": lambda out: write_winners_of_8x2(
        square, np.ones(2 * VECTOR, np.uint8), places(out)[-2:], 2 * VECTOR, False
    ),
    "write_winners y, in part": lambda out: write_winners_of_8x2(
        square, np.ones(3, np.uint8), places(out)[-2:], 3, False
    ),
    "write y": lambda out: write_rows(room(ROWS * WIDTH), PAIR, room(WIDTH), places(out), WIDTH),
    "write y, in part": lambda out: write_rows(room(ROWS * WIDTH), PAIR, room(3), places(out), 3),
}


def unnoticed() -> list[str]:
    """The calls that raise no IndexError; and those that do so inside their arrays."""
    found = []
    for name, call in CALLS.items():
        for out in (-1, 0, 1):
            inside = out == 0
            try:
                call(out)
                noticed = False
            except IndexError:
                noticed = True
            if noticed == inside:
                found.append(f"{name}: {out}")
    return found
