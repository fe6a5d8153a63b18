"""Max pooling of squares of 2×2 pixels side by side, the most common one, of images whose channels lie last.

Arrays are flat. What is left of an odd height or width is in no square, and gets no gradient.
There are as many channels as a vector has numbers, or more: the last vector of a pixel reaches back over the one
before it.
"""

from __future__ import annotations

from typing import Any

from ..jit import jit
from ..sharing.offering import shared
from ..vectors import clear, lanes
from .contest import challenged, opened, rectified, remembered, settle, store_prizes

__all__ = ["pool_squares", "put_squares"]

_NOBODY = 4


@jit
def _pool(begin: int, end: int, x: Any, H: int, W: int, C: int, relu: bool, y: Any, winners: Any) -> None:
    """x (N, H, W, C) -> y and winners (N, H // 2, W // 2, C), of their rows those from begin to end."""
    line, to = W * C, begin * (W // 2) * C
    for row in range(begin, end):
        n, i = divmod(row, H // 2)
        at = (n * H + 2 * i) * line
        for _ in range(W // 2):
            for vector in range(0, C, lanes(x)):
                c = min(vector, C - lanes(x))
                contest = opened(x, at + c, winners)
                contest = challenged(contest, x, at + c + C, 1)
                contest = challenged(contest, x, at + c + line, 2)
                contest = challenged(contest, x, at + c + line + C, 3)
                if relu:
                    contest = rectified(contest, _NOBODY)
                settle(y, winners, to + c, contest)
            at += 2 * C
            to += C


@jit
def _put(begin: int, end: int, g: Any, winners: Any, H: int, W: int, C: int, y: Any) -> None:
    """g and winners (N, H // 2, W // 2, C), of their rows those from begin to end -> y (N, H, W, C)."""
    line, at = W * C, begin * (W // 2) * C
    for row in range(begin, end):
        n, i = divmod(row, H // 2)
        to = (n * H + 2 * i) * line
        for _ in range(W // 2):
            for vector in range(0, C, lanes(g)):
                c = min(vector, C - lanes(g))
                contest = remembered(g, winners, at + c, 0)
                store_prizes(y, to + c, contest, 0)
                store_prizes(y, to + c + C, contest, 1)
                store_prizes(y, to + c + line, contest, 2)
                store_prizes(y, to + c + line + C, contest, 3)
            at += C
            to += 2 * C
        if W % 2:
            clear(y, to, C)
            clear(y, to + line, C)
        if H % 2 and i == H // 2 - 1:
            clear(y, (n * H + H - 1) * line, line)


pool_squares = shared(_pool)
put_squares = shared(_put)
