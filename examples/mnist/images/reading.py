"""Image files of any kind as colours."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

__all__ = ["ImageError", "read"]

# Not all that Pillow knows: some formats run other programs.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")
LEAST, MOST = 8, 64_000_000  # pixels of the shorter side, and of the whole image
KEPT = 1024  # pixels of the longer side: more of them tell no more about a digit
DEEP = ("I", "F")  # more than eight bits: Pillow would cut them off


class ImageError(ValueError):
    """An image that cannot be used; the message names the file and says why."""


def read(path: Path) -> NDArray[np.float32]:
    """The first frame of an image, upright and without transparency: (H, W, 3), from 0 to 1.

    Raises:
        ImageError: there is no such file, it is no image, it is damaged, too small or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes, which we check, and of odd metadata
            with Image.open(path, formats=FORMATS) as image:
                _check_size(path, image.size)
                return _colours(ImageOps.exif_transpose(image))
    except ImageError:
        raise
    except Image.DecompressionBombError as error:
        raise ImageError(f"{path}: has too many pixels, more than {MOST:,}; make it smaller") from error
    except UnidentifiedImageError as error:
        raise ImageError(f"{path}: is no image; expected one of {', '.join(FORMATS)}") from error
    except OSError as error:
        if error.strerror:
            raise ImageError(f"{path}: cannot be read: {error.strerror}") from error
        raise ImageError(f"{path}: is damaged: {error}") from error
    except Exception as error:  # decoders raise whatever a damaged file leads them to
        raise ImageError(f"{path}: is damaged: {error or type(error).__name__}") from error


def _check_size(path: Path, size: tuple[int, int]) -> None:
    width, height = size
    if min(size) < LEAST:
        raise ImageError(f"{path}: {width} x {height} pixels are too few; both sides must have at least {LEAST}")
    if width * height > MOST:
        raise ImageError(f"{path}: {width} x {height} pixels are too many, more than {MOST:,}; make it smaller")


def _colours(image: Image.Image) -> NDArray[np.float32]:
    if image.mode.startswith(DEEP):
        return _stretched(image)
    image = image.convert("RGBA")
    image.thumbnail((KEPT, KEPT))
    pixels = np.asarray(image, np.float32) / 255
    colours, opacity = pixels[..., :3], pixels[..., 3:]
    # What is transparent is paper: white under a dark digit, black under a bright one.
    dark = np.average(colours.mean(axis=2, keepdims=True), weights=opacity) < 0.5 if opacity.any() else True
    return (colours * opacity + (1 - opacity) * dark).astype(np.float32)


def _stretched(image: Image.Image) -> NDArray[np.float32]:
    """Grey values of any range, such as 16 bits, with the smallest at 0 and the largest at 1."""
    grey = np.asarray(image, np.float32)
    if not np.isfinite(grey).all():
        raise ValueError("it has pixels that are no numbers")
    low, high = grey.min(), grey.max()
    small = Image.fromarray((grey - low) / (high - low or np.float32(1)))
    small.thumbnail((KEPT, KEPT))
    return np.repeat(np.asarray(small, np.float32)[..., np.newaxis], 3, axis=2)
