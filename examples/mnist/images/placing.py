"""A digit where MNIST's authors put theirs.

They fitted each into 20x20 pixels, kept its proportions, smoothed its edges, and moved it so that its centre of mass is
at the centre of 28x28 pixels: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document
recognition", Proceedings of the IEEE, 1998, section III.A. By whole pixels: in their images the centre of mass lies
within half a pixel of the pixel (14, 14).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tapegrad.nn.training.optional import import_optional

__all__ = ["placed"]

SIZE, BOX, CENTRE = 28, 20, 14
EDGE = 0.2  # of a stroke's darkness: where a smooth edge ends for the box
# Pixels of the 20x20: strokes thinner than those of MNIST's pens are made as wide as theirs.
THIN, STROKE = 1.2, 2.0


def placed(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale and move a digit: (H, W) -> (28, 28), both from 0 to 1."""
    digit = _thickened(_cropped(ink))
    scale = BOX / max(_cropped(digit, EDGE).shape)
    height, width = (max(1, round(side * scale)) for side in digit.shape)
    small = _cropped(np.asarray(Image.fromarray(digit).resize((width, height), Image.Resampling.HAMMING)))
    top, left = (_start(small, axis) for axis in (0, 1))
    image = np.zeros((SIZE, SIZE), np.float32)
    image[top : top + len(small), left : left + small.shape[1]] = np.clip(small / small.max(), 0, 1)
    return image


def _cropped(ink: NDArray[np.float32], level: float = 0.0) -> NDArray[np.float32]:
    """The smallest part that has all ink darker than `level`."""
    rows, columns = (np.flatnonzero((ink > level).any(axis=axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _thickened(digit: NDArray[np.float32]) -> NDArray[np.float32]:
    """The digit with strokes that are still there when it is small."""
    distance_to_zero = import_optional("scipy.ndimage", "special").distance_transform_edt
    pixel = max(digit.shape) / BOX  # in pixels of the digit
    core = np.pad(digit > 0.5, 1)
    width = 4 * float(distance_to_zero(core)[core].mean()) - 1  # over a stroke the mean is a quarter
    if width >= THIN * pixel:
        return digit
    radius = (STROKE * pixel - width) / 2
    paper = np.pad(digit <= 0.5, int(radius) + 2, constant_values=True)
    thick: NDArray[np.float64] = np.clip(radius + 1 - distance_to_zero(paper), 0, 1)  # 1 on the stroke and around it
    return thick.astype(np.float32)


def _start(small: NDArray[np.float32], axis: int) -> int:
    """The first row or column, so that the centre of mass is at the centre and nothing is cut off."""
    mass = small.sum(axis=1 - axis)
    centre = float(mass @ np.arange(len(mass)) / mass.sum())
    return int(np.clip(np.floor(CENTRE + 0.5 - centre), 0, SIZE - len(mass)))
