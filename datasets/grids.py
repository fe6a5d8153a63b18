"""Many images in one, to look at them."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from .arguments import whole_number

Pixel = TypeVar("Pixel", bound=np.generic)


def sample_grid(images: NDArray[Pixel], columns: int = 10, *, gap: int = 2, fill: Any = None) -> NDArray[Pixel]:
    """Lay images out row by row in one picture, 2-d, of their dtype: `sample_grid(dataset[:50][0])`.

    Args:
        images: (n, H, W) or (n, 1, H, W).
        columns: images in a row.
        gap: pixels between neighbours.
        fill: the value between them, and in place of images that the last row lacks; None for the largest of all.

    Raises:
        TypeError: columns or gap is no integer.
        ValueError: no image, another shape, columns < 1 or gap < 0.
    """
    columns, gap = whole_number("columns", columns, least=1), whole_number("gap", gap, least=0)
    if images.ndim == 4 and images.shape[1] == 1:
        images = images[:, 0]
    if images.ndim != 3 or images.size == 0:
        raise ValueError(f"expected one or more images (n, H, W) or (n, 1, H, W); got shape {images.shape}")
    count, height, width = images.shape
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    cells = np.full((rows * columns, height + gap, width + gap), images.max() if fill is None else fill, images.dtype)
    cells[:count, :height, :width] = images
    grid = cells.reshape(rows, columns, height + gap, width + gap).transpose(0, 2, 1, 3)
    return grid.reshape(rows * (height + gap), columns * (width + gap))[: -gap or None, : -gap or None]
