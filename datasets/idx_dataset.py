"""Images of one's own in IDX files, which may be larger than memory."""

from __future__ import annotations

import os

from .idx import read_idx
from .images import ImageDataset
from .mapping import MappedIdx, plain_file
from .transforms import Transform


class IDXDataset(ImageDataset):
    """The images and labels of two IDX files, an `ImageDataset`: float32 (1, H, W) from 0 to 1, int64 labels.

    The images stay on disk, mapped into memory; those of a batch are read when it is made. Labels are kept in memory.
    `write_idx` writes such files.

    Args:
        images: file of uint8 (N, H, W). One that is gzip is unpacked into the cache, once.
        labels: file of integers (N,), gzip or plain.
        white: the value of a white pixel, which becomes 1.0.
        transform: called with each batch.
        cache_dir: where to unpack, in place of the user's cache folder.

    Raises:
        IdxError: a file is not IDX, is cut short, has bytes to spare, or its gzip wrapping is damaged.
        TypeError, ValueError: as for `ImageDataset`.
        OSError: a file cannot be opened, or not unpacked.
    """

    def __init__(
        self,
        images: str | os.PathLike[str],
        labels: str | os.PathLike[str],
        *,
        white: int = 255,
        transform: Transform | None = None,
        cache_dir: str | os.PathLike[str] | None = None,
    ) -> None:
        mapped = MappedIdx(plain_file(images, cache_dir))
        super().__init__(mapped, read_idx(labels), white=white, transform=transform)
