"""What a batch is made of: a function of its epoch and its number, and of nothing that happened before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..arrays import Dataset
from ..shuffling import generator_of, permutation
from ..transforms import AnyTransform, apply

Batch: TypeAlias = tuple[NDArray[Any], ...]


@dataclass(frozen=True)
class Batches:
    """The batches of every epoch. Threads and processes that make them need no word from each other."""

    dataset: Dataset
    batch_size: int
    shuffle: bool
    seed: int
    drop_last: bool
    transform: AnyTransform | None

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole if self.drop_last else whole + (rest > 0)

    def epoch(self, epoch: int, start: int) -> Iterator[Batch]:
        """Make the batches of an epoch from number `start` on."""
        order = self.order(epoch)
        return (self.make(order, epoch, number) for number in range(start, len(self)))

    def order(self, epoch: int) -> NDArray[np.int64] | None:
        """The row numbers of an epoch in the order in which they come, (N,); None for 0 ... N - 1."""
        return permutation(len(self.dataset), self.seed, epoch) if self.shuffle else None

    def make(self, order: NDArray[np.int64] | None, epoch: int, number: int) -> Batch:
        """Make one batch; `order` is that of the epoch."""
        start, end = number * self.batch_size, min((number + 1) * self.batch_size, len(self.dataset))
        rows = np.arange(start, end) if order is None else order[start:end]
        try:
            arrays = self.dataset[rows]
        except TypeError as error:
            error.add_note(
                f"a data set is asked for the rows of a batch at once: dataset[rows], an array ({len(rows)},)"
            )
            raise
        if not isinstance(arrays, tuple):
            raise TypeError(
                f"expected a tuple of arrays from the data set; got {type(arrays).__name__}. "
                "Plain arrays make a data set as ArrayDataset(images, labels)"
            )
        if any(len(array) != len(rows) for array in arrays):
            raise ValueError(
                f"asked the data set for {len(rows)} rows; got arrays of {[len(array) for array in arrays]} rows"
            )
        if self.transform is None:
            return arrays
        images = apply(self.transform, arrays[0], generator_of(self.seed, epoch, number))
        if not isinstance(images, np.ndarray):
            raise TypeError(f"expected an array of images from the transform; got {type(images).__name__}")
        if len(images) != len(rows):
            raise ValueError(f"expected {len(rows)} images from the transform; got an array of shape {images.shape}")
        return (images, *arrays[1:])
