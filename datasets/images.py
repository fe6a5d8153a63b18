"""Labelled images: kept as bytes, given as float32."""

from __future__ import annotations

from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from .mapping import MappedIdx
from .rows import as_rows
from .transforms import Images, Transform, apply, is_random

Scalar = TypeVar("Scalar", bound=np.generic)


class ImageDataset:
    """Grey images with a class each.

    `dataset[row]` is (image, label): float32 (1, H, W) from 0 to 1, and an int64. `dataset[rows]`, with a slice, an
    array of row numbers or a mask, is (images, labels): float32 (n, 1, H, W), and int64 (n,). Both are new arrays.
    Images are scaled when they are asked for: that takes no longer than copying them as float32 would, and they stay
    four times smaller in memory.

    Args:
        images: uint8 (N, H, W); they are copied, unless they are mapped into memory and stay on disk.
        labels: integers (N,).
        white: the value of a white pixel, which becomes 1.0.
        transform: called with each batch, float32 (n, 1, H, W), also when a single image is asked for; gives a batch
            of n images, of any shape. The batch is its own to change. A random one belongs to the `DataLoader`.

    Attributes:
        labels: int64 (N,), read-only.
        shape: (1, H, W), that of an image before the transform.

    Raises:
        TypeError: images are not uint8, or labels not integers, or the transform is random.
        ValueError: shapes other than these, or unequal lengths; from indexing: the transform changed the number of
            images.
    """

    def __init__(
        self,
        images: NDArray[np.uint8] | MappedIdx,
        labels: NDArray[Any],
        *,
        white: int,
        transform: Transform | None = None,
    ) -> None:
        source, images = images, images.array if isinstance(images, MappedIdx) else images
        if images.dtype != np.uint8 or not np.issubdtype(labels.dtype, np.integer):
            raise TypeError(f"expected uint8 images and integer labels; got {images.dtype} and {labels.dtype}")
        if images.ndim != 3 or labels.shape != images.shape[:1]:
            raise ValueError(f"expected images (N, H, W) and labels (N,); got {images.shape} and {labels.shape}")
        if transform is not None and is_random(transform):
            raise TypeError(
                f"{transform!r} is random: give it to the loader, DataLoader(dataset, transform=...), which draws anew "
                "for each batch of each epoch. A data set gives the same images whenever it is asked"
            )
        self._images = source if isinstance(source, MappedIdx) else _read_only(images.copy())
        self.labels = _read_only(labels.astype(np.int64))
        self.shape = (1, *images.shape[1:])
        self.transform = transform
        self._white = np.float32(white)

    @property
    def images(self) -> NDArray[np.uint8]:
        """All of them, uint8 (N, H, W), read-only."""
        return self._images.array if isinstance(self._images, MappedIdx) else self._images

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
        changed = apply(self.transform, batch, None)
        if changed.shape[:1] != rows.shape:
            raise ValueError(f"expected {len(rows)} images from the transform; got an array of shape {changed.shape}")
        return changed


def _read_only(array: NDArray[Scalar]) -> NDArray[Scalar]:
    array.flags.writeable = False
    return array
