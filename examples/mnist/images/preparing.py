"""The whole way from a file to an image like those of MNIST."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from examples.mnist.images.ink import BlankError, ink
from examples.mnist.images.placing import placed
from examples.mnist.images.reading import ImageError, read

__all__ = ["prepare"]


def prepare(path: Path) -> NDArray[np.float32]:
    """The digit in an image file, (28, 28), as MNIST has it: 0 is paper, 1 is ink.

    Raises:
        ImageError: it cannot be read, is too small or too large, or shows nothing; the message names the file.
    """
    try:
        return placed(ink(read(path)))
    except BlankError as error:
        raise ImageError(f"{path}: {error}") from error
