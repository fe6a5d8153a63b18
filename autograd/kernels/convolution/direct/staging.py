"""One image as a kernel wants it: padded, cropped, or as it is."""

from __future__ import annotations

from typing import Any

from ...jit import inner
from ...vectors import clear, copy, writable

__all__ = ["stage"]


@inner
def stage(x: Any, n: int, frame: Any, scratch: Any) -> Any:
    """The array that holds image n of x (N, D, H, W, C), flat, as it is framed, and where in it the image begins.

    A frame is the image's shape, the shape around it, where in that the image begins (before it, if it is cropped), and
    whether any of that changes the image: if so, it is copied into the scratch.
    """
    (D, H, W, C), (depth, height, width), (front, top, left), changed = frame
    image = n * D * H * W * C
    if not changed:
        return writable(x), image
    clear(scratch, 0, depth * height * width * C)
    first, end = max(0, -left), min(W, width - left)  # columns that lie inside
    if first < end:
        for d in range(max(0, -front), min(D, depth - front)):
            for h in range(max(0, -top), min(H, height - top)):
                to = ((d + front) * height + h + top) * width + first + left
                copy(scratch, to * C, x, image + ((d * H + h) * W + first) * C, (end - first) * C)
    return scratch, 0
