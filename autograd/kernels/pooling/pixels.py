"""Max pooling of images whose channels lie last, a vector of channels at a time.

Arrays are flat; `axes` are the three of an image, (D, H, W), and `results` those of its results. There are as many
channels as a vector has numbers, or more: the last vector of a pixel reaches back over the one before it.

Everything that runs often is in one function: a call, with all these arguments, takes as long as half a row.
"""

from __future__ import annotations

from typing import Any

from ..jit import inner, jit
from ..vectors import lanes
from .contest import add_prizes, challenged, opened, rectified, remembered, settle, store_prizes

__all__ = ["pool_pixels", "put_pixels"]


@jit
def pool_pixels(
    begin: int, end: int, x: Any, axes: Any, results: Any, channels: int, first: Any, count: Any, step: Any, size: Any,
    relu: bool, y: Any, winners: Any,
) -> None:  # fmt: skip
    """x (N, D, H, W, C) -> y and winners (N, OD, OH, OW, C), of the N OD OH rows those from begin to end."""
    vectors = -(-channels // lanes(x))
    line = axes[2] * channels
    slice, below, right = step[0] * axes[1] * line, step[1] * line, step[2] * channels
    to = begin * results[2] * channels
    for row in range(begin, end):
        plane, oh = divmod(row, results[1])
        n, od = divmod(plane, results[0])
        start = ((n * axes[0] + first[0, od]) * axes[1] + first[1, oh]) * line
        depth, height = count[0, od], count[1, oh]
        for o in range(results[2]):
            at, width = start + first[2, o] * channels, count[2, o]
            square = depth == 1 and height == 2 and width == 2  # the most common is written out
            for vector in range(vectors):
                c = min(vector * lanes(x), channels - lanes(x))
                corner = at + c
                contest = opened(x, corner, winners)
                if square:
                    contest = challenged(contest, x, corner + right, 1)
                    contest = challenged(contest, x, corner + below, size[2])
                    contest = challenged(contest, x, corner + below + right, size[2] + 1)
                else:
                    for i in range(depth):
                        for j in range(height):
                            place, position = corner + i * slice + j * below, (i * size[1] + j) * size[2]
                            for k in range(width):
                                contest = challenged(contest, x, place + k * right, position + k)
                if relu:
                    contest = rectified(contest, size[0] * size[1] * size[2])
                settle(y, winners, to + c, contest)
            to += channels


@jit
def put_pixels(
    begin: int, end: int, g: Any, winners: Any, axes: Any, results: Any, channels: int, first: Any, count: Any,
    step: Any, size: Any, start: Any, stop: Any, tiled: bool, y: Any,
) -> None:  # fmt: skip
    """g and winners (N, OD, OH, OW, C) -> y (N, D, H, W, C), of the N D H rows those from begin to end.

    Regions that are tiles share no pixel of a row and leave none out, so each is written once, and not cleared before.
    """
    vectors = -(-channels // lanes(g))
    line = axes[2] * channels
    for row in range(begin, end):
        plane, h = divmod(row, axes[1])
        n, d = divmod(plane, axes[0])
        to = row * line
        untouched = True
        if not tiled:
            y[to : to + line] = 0
            untouched = False
        for od in range(start[0, d], stop[0, d]):
            i = _position(d - first[0, od], step[0], count[0, od])
            for oh in range(start[1, h], stop[1, h]):
                j = _position(h - first[1, oh], step[1], count[1, oh])
                if i < 0 or j < 0:
                    continue
                at, position = (
                    ((n * results[0] + od) * results[1] + oh) * results[2] * channels,
                    (i * size[1] + j) * size[2],
                )
                for o in range(results[2]):
                    place = to + first[2, o] * channels
                    for vector in range(vectors):
                        c = min(vector * lanes(g), channels - lanes(g))
                        if untouched:
                            contest = remembered(g, winners, at + c, 0)
                            if count[2, o] == 2:
                                store_prizes(y, place + c, contest, position)
                                store_prizes(y, place + c + channels, contest, position + 1)
                            else:
                                for k in range(count[2, o]):
                                    store_prizes(y, place + c + k * channels, contest, position + k)
                        else:  # the numbers that were added with the vector before are not added again
                            contest = remembered(g, winners, at + c, vector * lanes(g) - c)
                            for k in range(count[2, o]):
                                add_prizes(y, place + c + k * step[2] * channels, contest, position + k)
                    at += channels
                untouched = False
        if untouched:
            y[to : to + line] = 0


@inner
def _position(distance: int, step: int, count: int) -> int:
    """Which element of a region lies so far from its first; -1 if none does."""
    if distance < 0 or distance % step != 0:
        return -1
    return distance // step if distance // step < count else -1
