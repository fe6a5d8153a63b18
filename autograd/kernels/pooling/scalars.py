"""Max pooling of images too few for vectors, a number at a time."""

from __future__ import annotations

from typing import Any

from ..jit import jit

__all__ = ["pool_scalars", "put_scalars"]


@jit
def pool_scalars(
    begin: int, end: int, x: Any, first: Any, count: Any, step: Any, size: Any, relu: bool, y: Any, winners: Any
) -> None:
    """x (planes, D, H, W) -> y and winners (planes, OD, OH, OW), of all rows of results those from begin to end."""
    _, depth, height, width = y.shape
    zero = x.dtype.type(0)
    for row in range(begin, end):
        group, oh = divmod(row, height)
        plane, od = divmod(group, depth)
        for ow in range(width):
            d, h, w = first[0, od], first[1, oh], first[2, ow]
            most, position = x[plane, d, h, w], 0
            for i in range(count[0, od]):
                for j in range(count[1, oh]):
                    for k in range(count[2, ow]):
                        seen = x[plane, d + i * step[0], h + j * step[1], w + k * step[2]]
                        if seen > most or seen != seen:
                            most, position = seen, (i * size[1] + j) * size[2] + k
            if relu and not most > zero:
                position = size[0] * size[1] * size[2]
                most = zero if most <= zero else most
            y[plane, od, oh, ow] = most
            winners[plane, od, oh, ow] = position


@jit
def put_scalars(begin: int, end: int, g: Any, winners: Any, origins: Any, offsets: Any, y: Any) -> None:
    """g and winners (planes, results) -> y (planes, elements), of the planes those from begin to end."""
    for plane in range(begin, end):
        y[plane] = 0
        for o in range(origins.size):
            winner = winners[plane, o]
            if winner < offsets.size:
                y[plane, origins[o] + offsets[winner]] += g[plane, o]
