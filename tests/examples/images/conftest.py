"""The first hundred test images of MNIST, which are small enough to lie here, with their labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

SHEET = Path(__file__).with_name("hundred.png")  # ten rows of ten images
LABELS = (
    "72104149590690159734966540740131347271211742351244"
    "63556041957893746430702917329776278473613693141769"
)  # fmt: skip


@pytest.fixture(scope="session")
def digits() -> NDArray[np.uint8]:
    """(100, 28, 28), white ink on black."""
    with Image.open(SHEET) as sheet:
        return np.asarray(sheet).reshape(10, 28, 10, 28).swapaxes(1, 2).reshape(100, 28, 28)


@pytest.fixture(scope="session")
def labels() -> NDArray[np.int64]:
    return np.array([int(label) for label in LABELS])
