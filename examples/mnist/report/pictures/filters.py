"""What the first layer looks for."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from examples.mnist.report.pictures.picture import Picture
from examples.mnist.report.theme import figure, svg
from tapegrad import nn

__all__ = ["filters", "first_weights", "mosaic"]

MOST = 64
GAP = 1  # pixels between two filters
SHOWN = 99.5  # per cent of the weights that are within the scale of colours: a few large ones would make the rest pale


def filters(model: nn.Module, shape: tuple[int, ...]) -> Picture | None:
    """The weights of the first layer as images: one for each unit, or kernel; None if there is no such layer."""
    weights = first_weights(model, shape)
    if weights is None:
        return None
    tiles = mosaic(weights[:MOST])
    with figure(5.2, 5.2 * len(tiles) / tiles.shape[1]) as (drawn, axes):
        largest = float(np.percentile(np.abs(weights[:MOST]), SHOWN))
        axes.imshow(tiles, cmap="RdBu_r", vmin=-largest, vmax=largest, interpolation="none")
        axes.set_axis_off()
        what = "kernels" if weights.shape[1:] != shape[1:] else "images of weights, one for each unit"
        shown = f"The first {MOST} of {len(weights)}" if len(weights) > MOST else f"All {len(weights)}"
        caption = f"{shown} {what}. Red adds to what the unit says, blue takes from it, white does nothing."
        return Picture("filters", "First layer", caption, svg(drawn))


def first_weights(model: nn.Module, shape: tuple[int, ...]) -> NDArray[np.float32] | None:
    """What the first convolution or dense layer multiplies by: (units, height, width)."""
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            kernels: NDArray[np.float32] = module.weight.numpy()[:, 0]
            return kernels
        if isinstance(module, nn.Linear):
            rows: NDArray[np.float32] = module.weight.numpy()
            return rows.reshape(-1, *shape)[:, 0] if rows.shape[1] == math.prod(shape) else None
    return None


def mosaic(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Images (n, h, w) side by side, in a grid about as high as wide; NaN between them."""
    count, height, width = images.shape
    columns = math.ceil(math.sqrt(count * height / width))
    rows = math.ceil(count / columns)
    cells = np.full((rows * columns, height + GAP, width + GAP), np.nan, np.float32)
    cells[:count, :height, :width] = images
    grid = cells.reshape(rows, columns, height + GAP, width + GAP).swapaxes(1, 2)
    return grid.reshape(rows * (height + GAP), columns * (width + GAP))[:-GAP, :-GAP]
