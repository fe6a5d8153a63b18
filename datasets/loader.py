"""Batches of a data set, in an order that is a function of the seed and the epoch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arguments import whole_number
from .arrays import Dataset
from .shuffling import permutation


class DataLoader:
    """Iterate over a data set in batches: `for images, labels in DataLoader(dataset, batch_size=128, shuffle=True)`.

    Each iteration is an epoch: every row comes exactly once, and the next iteration is the next epoch, also when this
    one is left early. Batches are new arrays.

    Args:
        dataset: anything with a length that gives a tuple of arrays (n, ...) for an array of n row numbers.
        batch_size: rows in a batch; the last one may be smaller. Larger than the data set: one batch of all.
        shuffle: a new order in every epoch, rather than the data set's own.
        seed: integer >= 0; the order is the same for the same seed and epoch, on every machine.
        drop_last: leave out a last batch that is smaller than the others.

    Attributes:
        epoch: number of the epoch that the next iteration will be, from 0.

    Raises:
        TypeError: batch_size or seed is not an integer; from iterating: the data set gives no tuple.
        ValueError: batch_size < 1, seed < 0, or no batch at all: an empty data set, or one smaller than a batch with
            drop_last; from iterating: the data set gives another number of rows than it was asked for.
    """

    def __init__(
        self, dataset: Dataset, batch_size: int = 1, shuffle: bool = False, seed: int = 0, drop_last: bool = False
    ) -> None:
        self.dataset = dataset
        self.batch_size = whole_number("batch_size", batch_size, least=1)
        self.shuffle = shuffle
        self.seed = whole_number("seed", seed, least=0)
        self.drop_last = drop_last
        self.epoch = 0
        self._start = 0
        if len(self) == 0:
            raise ValueError(
                f"no batch to give: {len(dataset)} rows, batch_size={self.batch_size}, drop_last={drop_last}"
            )

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole if self.drop_last else whole + (rest > 0)

    def set_epoch(self, epoch: int, batch: int = 0) -> None:
        """Make the next iteration the epoch of this number, from this batch on, as when training is resumed."""
        self.epoch = whole_number("epoch", epoch, least=0)
        self._start = whole_number("batch", batch, least=0)

    def __iter__(self) -> Iterator[tuple[NDArray[Any], ...]]:
        length = len(self.dataset)
        order = permutation(length, self.seed, self.epoch) if self.shuffle else np.arange(length)
        start = self._start
        self.epoch, self._start = self.epoch + 1, 0
        return self._batches(order, start)

    def _batches(self, order: NDArray[np.int64], start: int) -> Iterator[tuple[NDArray[Any], ...]]:
        for batch in range(start, len(self)):
            rows = order[batch * self.batch_size : (batch + 1) * self.batch_size]
            arrays = self.dataset[rows]
            if not isinstance(arrays, tuple):
                raise TypeError(
                    f"expected a tuple of arrays from the data set; got {type(arrays).__name__}. "
                    "Plain arrays make a data set as ArrayDataset(images, labels)"
                )
            if any(len(array) != len(rows) for array in arrays):
                raise ValueError(
                    f"asked the data set for {len(rows)} rows; got arrays of {[len(array) for array in arrays]} rows"
                )
            yield arrays
