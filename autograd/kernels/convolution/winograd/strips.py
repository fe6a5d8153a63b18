"""How images are cut for Winograd's kernels: into strips, and these into tiles of 4×4 results.

A strip is a few rows of tiles of one image, all of them if the image is not large. Strips are what threads share, and
each lies in a frame of zeros in the cache while its tiles are worked on. Tiles are counted through a range of strips,
so that small images fill the blocks of tiles that are worked on together.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ...jit import inner
from ..direct.staging import stage
from ..direct.tables import Frame
from ..geometry import Shape

__all__ = ["Cut", "framed", "place", "strip"]

_MOST = 8  # rows of tiles in a strip


class Cut(NamedTuple):
    """How one image is cut."""

    strips: int
    down: int
    """Rows of tiles in a strip, those of other strips that it sees again included."""
    across: int
    """Tiles in a row."""
    again: int
    """Rows of tiles above a strip, which its results need as well."""

    @staticmethod
    def of(output: Shape, overlapping: bool = False) -> Cut:
        """The tiles that cover results of (OH, OW); `overlapping` if each result is a sum over tiles."""
        rows, across = (-(-n // 4) for n in output)
        strips = -(-rows // _MOST)
        again = int(overlapping and strips > 1)
        return Cut(strips, -(-rows // strips) + again, across, again)


def framed(spatial: Shape, channels: int, cut: Cut, before: Shape, patch: int, vector: int) -> Frame:
    """The frame (see staging.py) of a strip of images of `spatial`, whose tiles are made of patches of patch × patch.

    Args:
        before: zeros above the first row of an image, and left of its first column.
        vector: how many numbers one holds. Channels that do not fill vectors are read with those of the next pixel.
    """
    (H, W), (top, left) = spatial, before
    around = 4 * (cut.down - 1) + patch, 4 * (cut.across - 1) + patch
    reach = 4 * (cut.strips * (cut.down - cut.again) - 1) + patch
    changed = channels % vector > 0 or max(top, left, cut.again) > 0 or reach > H or around[1] > W
    return (1, H, W, channels), (1, *around), (0, top + 4 * cut.again, left), changed


@inner
def strip(x: Any, n: int, strips: int, rows: int, frame: Any, scratch: Any) -> Any:
    """`stage` for strip n of all images, so many rows below the one above, and how long its lines are."""
    size, around, (front, top, left), changed = frame
    image, part = divmod(n, strips)
    first = part * rows
    source, at = stage(x, image, (size, around, (front, top - first, left), changed), scratch)
    line = (around[2] if changed else size[2]) * size[3]
    return source, at if changed else at + first * line, line


@inner
def place(tile: int, down: int, across: int) -> Any:
    """The strip, the row and the column of a tile."""
    n, rest = divmod(tile, down * across)
    return n, rest // across, rest % across
