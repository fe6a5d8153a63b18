"""Images in a terminal: two pixels in a character, the upper one its colour and the lower one its background."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

__all__ = ["blocks"]

SHADES = " ░▒▓█"


def blocks(image: NDArray[np.float32], *, colours: bool = True) -> Text:
    """An image (H, W), 0 is black and 1 is white, in ⌈H/2⌉ lines of W characters.

    Args:
        colours: whether the terminal has them; five shades otherwise.
    """
    height, width = image.shape
    pixels = np.zeros((height + height % 2, width))
    pixels[:height] = np.clip(image, 0, 1)
    pairs = pixels.reshape(-1, 2, width)  # (H/2, 2, W)
    if not colours:
        shades = np.rint(pairs.mean(axis=1) * (len(SHADES) - 1)).astype(int)
        return Text("\n".join("".join(SHADES[shade] for shade in row) for row in shades))
    text = Text()
    for upper, lower in np.rint(255 * pairs).astype(int):
        for above, below in zip(upper, lower, strict=True):
            text.append("▀", f"rgb({above},{above},{above}) on rgb({below},{below},{below})")
        text.append("\n")
    text.rstrip()
    return text
