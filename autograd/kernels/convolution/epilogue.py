"""What can follow a convolution while its results are in the cache: relu, and 2×2 max pooling."""

from __future__ import annotations

from typing import Any

from ..jit import jit
from ..vectors import halved, lanes, load, rectified, store_inside, store_winners_inside

__all__ = ["pool"]


@jit
def pool(x: Any, H: int, W: int, C: int, y: Any, winners: Any, to: int, relu: bool) -> None:
    """2×2 max pooling of an image x (H, W, C) into y and winners (H // 2, W // 2, C), both from index `to` on.

    x may be read up to a vector further than its end.
    """
    for i in range(H // 2):
        for j in range(W // 2):
            for c in range(0, C, lanes(x)):
                square = load(x, (2 * i * W + 2 * j) * C + c, W * C, C, 2, 2)
                largest = halved(square)
                if relu:
                    largest = rectified(largest)
                inside = (1, 1, C - c)
                store_inside(y, to + c, 0, 0, inside, largest)
                store_winners_inside(winners, to + c, 0, 0, inside, square, relu)
            to += C
