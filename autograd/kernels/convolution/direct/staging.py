"""One image as a kernel wants it: padded, cropped, spread out, or as it is."""

from __future__ import annotations

from typing import Any

from ...jit import jit
from ...vectors import clear, copy, writable

__all__ = ["stage"]


@jit
def stage(x: Any, n: int, frame: Any, scratch: Any) -> Any:
    """The array that holds image n of x (N, D, H, W, C), flat, as it is framed, and where in it the image begins.

    A frame is the image's shape, the shape around it, where in that the image begins (before it, if it is cropped), how
    far apart its elements come to lie, and whether any of that changes the image: if so, it is copied into the scratch.
    """
    (D, H, W, C), (depth, height, width), (front, top, left), (apart_d, apart_h, apart_w), changed = frame
    image = n * D * H * W * C
    if not changed:
        return writable(x), image
    clear(scratch, 0, depth * height * width * C)
    first, end = max(0, -(left // apart_w)), min(W, -((left - width) // apart_w))  # columns that lie inside
    run = (end - first) * C if apart_w == 1 else C
    for d in range(D):
        for h in range(H):
            to_d, to_h = front + d * apart_d, top + h * apart_h
            if 0 <= to_d < depth and 0 <= to_h < height:
                for w in range(first, min(end, first + 1) if apart_w == 1 else end):
                    at = image + ((d * H + h) * W + w) * C
                    to = ((to_d * height + to_h) * width + left + w * apart_w) * C
                    copy(scratch, to, x, at, run)
    return scratch, 0
