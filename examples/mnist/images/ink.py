"""What is ink, and what is paper: whatever differs from the border is ink, so both polarities and all colours do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tapegrad.nn.training.optional import import_optional

__all__ = ["BlankError", "ink"]

LEAST_CONTRAST = 0.06  # of black against white: fainter pencil nobody reads
FAINT = 0.1  # of a stroke's darkness: what is fainter is no edge of it
SPECK = 0.02  # of the largest stroke's area: what is smaller is dust
FULL = 0.6  # of the area: a digit leaves more than the rest as paper
ROUNDS = 10  # of the fit of the paper, which converges in about five


class BlankError(ValueError):
    """An image in which no digit can be told from the paper."""


def ink(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much ink is where: (H, W, 3) -> (H, W), 0 on paper and 1 in the middle of a stroke.

    Paper may have grain, and be lit from one side. A stroke is what is clearly not paper (Otsu's threshold), with the
    fainter pixels that touch it; specks are left out.

    Raises:
        BlankError: nothing, or nearly everything, differs from the border.
    """
    ndimage = import_optional("scipy.ndimage", "special")
    distance = np.sqrt(np.mean((pixels - _paper(pixels)) ** 2, axis=2))  # (H, W)
    grain = 3 * float(np.median(_border(distance)))
    strong = distance > max(_otsu(distance), grain)
    contrast = float(np.percentile(distance[strong], 90)) if strong.any() else 0.0
    if contrast < max(LEAST_CONTRAST, 1.5 * grain):
        raise BlankError("shows no digit: nothing in it differs clearly from its border")
    if strong.mean() > FULL:
        raise BlankError("shows no digit: nearly all of it differs from its border; leave a margin of paper around it")
    strokes, count = ndimage.label(distance > max(grain, FAINT * contrast), np.ones((3, 3)))
    areas = ndimage.sum_labels(strong, strokes, np.arange(count + 1))  # (count + 1,), the paper first
    areas[0] = 0
    kept = areas > SPECK * areas.max()
    share: NDArray[np.float32] = np.clip((distance - grain) / (contrast - grain), 0, 1) * kept[strokes]
    return share.astype(np.float32)


def _paper(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """The colour of the paper everywhere: the plane through the border's colours with the least absolute deviation.

    A digit that touches the border bends a plane of least squares; this one follows the majority. It is found by least
    squares with the weights 1 / deviation, again and again.
    """
    height, width, _ = pixels.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    places = np.stack([np.ones_like(x), x, y], axis=2)  # (H, W, 3)
    A, colours = _border(places), _border(pixels).astype(np.float64)  # (border, 3), (border, 3)
    weights = np.ones((len(A), 1))
    for _ in range(ROUNDS):
        plane = np.linalg.lstsq(A * np.sqrt(weights), colours * np.sqrt(weights), rcond=None)[0]
        weights = 1 / (np.linalg.norm(colours - A @ plane, axis=1, keepdims=True) + 1e-3)
    paper: NDArray[np.float32] = (places @ plane).astype(np.float32)
    return paper


def _border(image: NDArray[Any]) -> NDArray[Any]:
    """The outermost pixels: (H, W, ...) -> (border, ...)."""
    return np.concatenate([image[0], image[-1], image[1:-1, 0], image[1:-1, -1]])


def _otsu(values: NDArray[np.float32]) -> float:
    """The threshold that parts values into two groups with the least variance in them: Otsu, 1979."""
    counts, edges = np.histogram(values, 256)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1]
    above = values.size - below
    total = np.cumsum(counts * middles)
    between = below * above * (total[:-1] / np.maximum(below, 1) - (total[-1] - total[:-1]) / np.maximum(above, 1)) ** 2
    return float(edges[1 + between.argmax()])
