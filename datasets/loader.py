"""Batches of a data set, in an order that is a function of the seed and the epoch."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from .arguments import whole_number
from .arrays import Dataset
from .loading.batches import Batch, Batches
from .loading.prefetching import Prefetched
from .transforms import AnyTransform

if TYPE_CHECKING:
    from .loading.workers import Workers


class DataLoader:
    """Iterate over a data set in batches: `for images, labels in DataLoader(dataset, batch_size=128, shuffle=True)`.

    Each iteration is an epoch: every row comes exactly once, and the next iteration is the next epoch, also when this
    one is left early. Batches are new arrays. They are, bit by bit, a function of the seed, the epoch and their number:
    the same for any `prefetch` and `workers`, and after `set_epoch`.

    Args:
        dataset: anything with a length that gives a tuple of arrays (n, ...) for an array of n row numbers.
        batch_size: rows in a batch; the last one may be smaller. Larger than the data set: one batch of all.
        shuffle: a new order in every epoch, rather than the data set's own.
        seed: integer >= 0; the order is the same for the same seed and epoch, on every machine.
        drop_last: leave out a last batch that is smaller than the others.
        transform: called with the first array of each batch, and with a generator of random numbers if it is a
            `transforms.Random`; gives as many images.
        prefetch: make up to so many batches ahead, in a thread. Pays where a batch waits, for a disk or a server, and
            where training leaves a core idle.
        workers: make batches in so many processes, each one ahead. They start with the first iteration, in about half
            a second, get a copy of the data set, stay for the next epochs and end with the loader. Pays where a batch
            is computed by Python code, or on cores that training leaves idle.

    Attributes:
        epoch: number of the epoch that the next iteration will be, from 0.

    Raises:
        TypeError: plain arrays instead of a data set, a number that is not an integer, or a transform that is not
            callable; from iterating: the data set gives no
            tuple, or cannot be sent to workers.
        ValueError: a number out of range, or no batch at all: an empty data set, or one smaller than a batch with
            drop_last; from iterating: the data set gives another number of rows than it was asked for, or the transform
            another number of images.
        WorkerError: from iterating: a worker died.
    """

    def __init__(
        self,
        dataset: Dataset,
        batch_size: int = 1,
        shuffle: bool = False,
        seed: int = 0,
        drop_last: bool = False,
        *,
        transform: AnyTransform | None = None,
        prefetch: int = 0,
        workers: int = 0,
    ) -> None:
        if isinstance(dataset, np.ndarray | tuple | list | dict):
            raise TypeError(
                f"dataset: expected a data set, which gives a tuple of arrays for row numbers; got a plain "
                f"{type(dataset).__name__}. Arrays make one as ArrayDataset(images, labels)"
            )
        if transform is not None and not callable(transform):
            raise TypeError(f"transform: expected a function of a batch of images; got {type(transform).__name__}")
        batch_size, seed = whole_number("batch_size", batch_size, least=1), whole_number("seed", seed, least=0)
        self._batches = Batches(dataset, batch_size, shuffle, seed, drop_last, transform)
        self._prefetch = whole_number("prefetch", prefetch, least=0)
        self._workers = whole_number("workers", workers, least=0)
        self._idle: list[Workers] = []
        self.epoch = 0
        self._start = 0
        if len(self) == 0:
            raise ValueError(f"no batch to give: {len(dataset)} rows, batch_size={batch_size}, drop_last={drop_last}")

    @property
    def dataset(self) -> Dataset:
        """What the batches are made of."""
        return self._batches.dataset

    @property
    def batch_size(self) -> int:
        """Rows in a batch."""
        return self._batches.batch_size

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        return len(self._batches)

    def set_epoch(self, epoch: int, batch: int = 0) -> None:
        """Make the next iteration the epoch of this number, from this batch on, as when training is resumed."""
        self.epoch = whole_number("epoch", epoch, least=0)
        self._start = whole_number("batch", batch, least=0)

    def __iter__(self) -> Iterator[Batch]:
        epoch, start = self.epoch, self._start
        self.epoch, self._start = epoch + 1, 0
        if self._workers:
            batches = self._made_by(self._take_workers(), epoch, start)
        else:
            batches = self._batches.epoch(epoch, start)
        return Prefetched(batches, self._prefetch) if self._prefetch else batches

    def _take_workers(self) -> Workers:
        """Idle workers of an earlier iteration; those of the process that this one was forked from are none."""
        from .loading.workers import Workers  # takes 30 ms to import

        with suppress(IndexError):
            while (workers := self._idle.pop()).owner != os.getpid():
                pass
            return workers
        return Workers(self._batches, self._workers)

    def _made_by(self, workers: Workers, epoch: int, start: int) -> Iterator[Batch]:
        try:
            yield from workers.epoch(epoch, start)
        finally:
            if not workers.closed:
                self._idle.append(workers)
