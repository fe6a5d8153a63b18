"""Draws transforms.png, what random transforms make of digits of MNIST, and two_digits.png, images of TwoDigitMNIST."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tapegrad.datasets import MNIST, TwoDigitMNIST, sample_grid
from tapegrad.datasets.transforms import (
    Random,
    RandomAffine,
    RandomContrast,
    RandomCutout,
    RandomElastic,
    RandomGamma,
    RandomRotation,
    RandomScale,
    RandomShift,
)

SHOWN: dict[str, Random | None] = {
    "as it is": None,
    "RandomShift(3)": RandomShift(3),
    "RandomRotation(25)": RandomRotation(25),
    "RandomScale((0.7, 1.2))": RandomScale((0.7, 1.2)),
    "RandomAffine(15, shift=2,\nscale=(0.8, 1.2), shear=20)": RandomAffine(15, shift=2, scale=(0.8, 1.2), shear=20),
    "RandomElastic()": RandomElastic(),
    "RandomCutout(10)": RandomCutout(10),
    "RandomGamma((0.3, 3))": RandomGamma((0.3, 3)),
    "RandomContrast((0.2, 1))": RandomContrast((0.2, 1)),
}
LABELS = 250  # pixels for the names


def save(grid: NDArray[np.float32], name: str, labels: Sequence[str] = ()) -> None:
    """Draw two pixels for one, in 16 greys, with a name to the left of each row: small files, and sharp."""
    left = LABELS if labels else 0
    height, width = 2 * grid.shape[0], 2 * grid.shape[1]
    figure = plt.figure(figsize=((left + width) / 100, height / 100), dpi=100)
    axes = figure.add_axes((left / (left + width), 0, width / (left + width), 1))
    axes.imshow(grid, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    axes.set_axis_off()
    for row, label in enumerate(labels):
        axes.text(-5, 30 * row + 14, label, family="monospace", size=8, ha="right", va="center")
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=100)
    Image.open(buffer).convert("L").quantize(16).save(Path(__file__).with_name(name), optimize=True)


images, _ = MNIST()[:10]
rng = np.random.default_rng(0)
rows = np.concatenate([images if change is None else change(images, rng) for change in SHOWN.values()])
save(sample_grid(rows, 10, fill=0), "transforms.png", list(SHOWN))
save(sample_grid(TwoDigitMNIST(size=24)[:][0], 12, fill=0), "two_digits.png")
