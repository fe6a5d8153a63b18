"""Parts of a data set that share nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arguments import whole_number
from .arrays import Dataset
from .rows import as_rows
from .shuffling import permutation

_CHUNK = 4096  # rows that are read at once for their labels


class Subset:
    """The rows of `dataset` that `indices` names, in that order; indexed like the data set itself.

    Raises:
        TypeError, IndexError: as for `dataset[indices]`.
    """

    def __init__(self, dataset: Dataset, indices: Any) -> None:
        self.dataset = dataset
        self.indices: NDArray[np.int64] = np.atleast_1d(as_rows(indices, len(dataset))).copy()

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        rows = as_rows(index, len(self))
        return self.dataset[int(self.indices[rows]) if isinstance(rows, int) else self.indices[rows]]


def random_split(dataset: Dataset, lengths: Sequence[float], seed: int = 0, *, stratify: bool = False) -> list[Subset]:
    """Deal the rows of a data set out at random: `train, validation = random_split(dataset, [0.9, 0.1])`.

    Each row goes into exactly one part; the same seed gives the same parts on every machine.

    Args:
        dataset: what to split.
        lengths: share of each part, positive, together 1, and sizes are rounded so that they add up; or rows in each
            part, integers, together all.
        seed: integer >= 0.
        stratify: give each part its share of every class, to within a row or two, rather than what chance gives it.

    Raises:
        ValueError: lengths that are not positive or do not add up, or a part that would be empty.
        TypeError: as for `samples_per_class`, if classes matter.
    """
    order = permutation(len(dataset), whole_number("seed", seed, least=0))
    ends = _ends(lengths, len(dataset))
    if stratify:
        spread = _spread(labels_of(dataset)[order])
        chosen = [order[spread[start:end]] for start, end in pairwise([0, *ends])]
        parts = [rows[permutation(len(rows), seed, part, 1)] for part, rows in enumerate(chosen)]
    else:
        parts = [order[start:end] for start, end in pairwise([0, *ends])]
    if not all(map(len, parts)):
        raise ValueError(
            f"lengths {lengths} of {len(dataset)} rows make parts of {[len(part) for part in parts]} rows; "
            "no part may be empty"
        )
    return [Subset(dataset, part) for part in parts]


def samples_per_class(dataset: Dataset, count: int, seed: int = 0) -> Subset:
    """Choose so many rows of each class at random: `samples_per_class(MNIST(), 100)` are 1,000 images.

    Args:
        dataset: what to choose from. Its second array, or its attribute `labels`, says the class of each row.
        count: rows of each class, at least 1.
        seed: integer >= 0; the same seed gives the same rows, in the same order, on every machine.

    Raises:
        ValueError: a class has fewer rows.
        TypeError: count or seed is not an integer, or the labels are not integers, one a row.
    """
    whole_number("count", count, least=1)
    order = permutation(len(dataset), whole_number("seed", seed, least=0))
    labels = labels_of(dataset)[order]
    classes, sizes = np.unique(labels, return_counts=True)
    if (sizes < count).any():
        few = ", ".join(f"class {name} has {size}" for name, size in zip(classes, sizes, strict=True) if size < count)
        raise ValueError(f"asked for {count} rows of each class; {few}")
    chosen = np.concatenate([np.flatnonzero(labels == name)[:count] for name in classes])
    return Subset(dataset, order[np.sort(chosen)])


def labels_of(dataset: Dataset) -> NDArray[np.integer[Any]]:
    """Return the class of each row, integers (N,): what the attribute `labels` says, or else the second array.

    Raises:
        TypeError: there is none, or not one integer a row.
    """
    if isinstance(dataset, Subset):
        return labels_of(dataset.dataset)[dataset.indices]
    labels = getattr(dataset, "labels", None)
    if labels is None:
        rows = np.arange(len(dataset))
        chunks = [dataset[rows[start : start + _CHUNK]][1:2] for start in range(0, len(rows), _CHUNK)]
        labels = np.concatenate([chunk for (chunk,) in chunks]) if chunks and all(chunks) else np.empty(0)
    labels = np.asarray(labels)
    if labels.shape != (len(dataset),) or not np.issubdtype(labels.dtype, np.integer):
        raise TypeError(
            f"expected a data set with one integer label a row, ({len(dataset)},); got {labels.dtype} {labels.shape}"
        )
    return labels


def _ends(lengths: Sequence[float], total: int) -> list[int]:
    """Where each part ends, of `total` rows."""
    positive = all(length > 0 for length in lengths)
    if positive and all(isinstance(length, int | np.integer) for length in lengths) and sum(lengths) == total:
        return [int(end) for end in np.cumsum(lengths)]
    if not positive or not math.isclose(math.fsum(lengths), 1):
        raise ValueError(
            f"lengths: expected positive numbers that add up to 1, or integers that add up to {total}, all the rows; "
            f"got {lengths}"
        )
    return [round(total * math.fsum(lengths[: part + 1])) for part in range(len(lengths))]


def _spread(labels: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Places so ordered that each class is spread evenly over them: any stretch has its share of every class."""
    by_class = np.argsort(labels, kind="stable")
    _, sizes = np.unique(labels, return_counts=True)
    share = np.concatenate([(np.arange(size) + 0.5) / size for size in sizes])  # of its class before a row
    return by_class[np.argsort(share, kind="stable")]
