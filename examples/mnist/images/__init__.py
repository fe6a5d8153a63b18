"""From a picture of a handwritten digit to what the models are trained on: `prepare("photo.jpg")`.

`reading.py` opens files, `ink.py` tells the digit from the paper, `placing.py` puts it where MNIST's authors put
theirs, `blocks.py` shows it in a terminal.
"""

from __future__ import annotations

from examples.mnist.images.blocks import blocks as blocks
from examples.mnist.images.ink import BlankError as BlankError, ink as ink
from examples.mnist.images.placing import placed as placed
from examples.mnist.images.preparing import prepare as prepare
from examples.mnist.images.reading import ImageError as ImageError, read as read

__all__ = ["BlankError", "ImageError", "blocks", "ink", "placed", "prepare", "read"]
