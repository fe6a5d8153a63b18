"""Labelled images: kept as bytes, given as float32."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from .rows import as_rows

Images: TypeAlias = NDArray[np.float32]
Transform: TypeAlias = Callable[[Images], Images]


class ImageDataset:
    """Grey images with a class each.

    `dataset[row]` is (image, label): float32 (1, H, W) from 0 to 1, and an int64. `dataset[rows]`, with a slice, an
    array of row numbers or a mask, is (images, labels): float32 (n, 1, H, W), and int64 (n,). Both are new arrays.
    Images are scaled when they are asked for: that takes no longer than copying them as float32 would, and they stay
    four times smaller in memory.

    Args:
        images: uint8 (N, H, W).
        labels: integers (N,).
        white: the value of a white pixel, which becomes 1.0.
        transform: called with each batch, float32 (n, 1, H, W), also when a single image is asked for; gives a batch
            of n images, of any shape. The batch is its own to change.

    Attributes:
        images: uint8 (N, H, W), read-only.
        labels: int64 (N,), read-only.
        shape: (1, H, W), that of an image before the transform.

    Raises:
        TypeError: images are not uint8, or labels not integers.
        ValueError: shapes other than these, or unequal lengths; from indexing: the transform changed the number of
            images.
    """

    def __init__(
        self, images: NDArray[np.uint8], labels: NDArray[Any], *, white: int, transform: Transform | None = None
    ) -> None:
        if images.dtype != np.uint8 or not np.issubdtype(labels.dtype, np.integer):
            raise TypeError(f"expected uint8 images and integer labels; got {images.dtype} and {labels.dtype}")
        if images.ndim != 3 or labels.shape != images.shape[:1]:
            raise ValueError(f"expected images (N, H, W) and labels (N,); got {images.shape} and {labels.shape}")
        self.images = images.copy()
        self.labels = labels.astype(np.int64)
        self.images.flags.writeable = False
        self.labels.flags.writeable = False
        self.shape = (1, *images.shape[1:])
        self.transform = transform
        self._white = np.float32(white)

    def __len__(self) -> int:
        return len(self.images)

    @overload
    def __getitem__(self, index: int | np.integer[Any]) -> tuple[Images, np.int64]: ...
    @overload
    def __getitem__(self, index: Any) -> tuple[Images, NDArray[np.int64]]: ...

    def __getitem__(self, index: Any) -> tuple[Images, np.int64 | NDArray[np.int64]]:
        rows = as_rows(index, len(self))
        if isinstance(rows, int):
            return self._batch(np.array([rows]))[0], self.labels[rows]
        return self._batch(rows), self.labels[rows]

    def _batch(self, rows: NDArray[np.int64]) -> Images:
        pixels = np.take(self.images, rows, axis=0)[:, np.newaxis]  # (n,) -> (n, 1, H, W)
        batch = np.divide(pixels, self._white, dtype=np.float32)
        if self.transform is None:
            return batch
        changed = self.transform(batch)
        if changed.shape[:1] != rows.shape:
            raise ValueError(f"expected {len(rows)} images from the transform; got an array of shape {changed.shape}")
        return changed
