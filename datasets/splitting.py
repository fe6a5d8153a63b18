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


def random_split(dataset: Dataset, fractions: Sequence[float], seed: int = 0) -> list[Subset]:
    """Deal the rows of a data set out at random: `train, validation = random_split(dataset, [0.9, 0.1])`.

    Each row goes into exactly one part; the same seed gives the same parts on every machine.

    Args:
        dataset: what to split.
        fractions: share of each part, positive, together 1. Sizes are rounded so that they add up.
        seed: integer >= 0.

    Raises:
        ValueError: fractions that are not positive or do not add up to 1, or a part that would be empty.
    """
    if not all(fraction > 0 for fraction in fractions) or not math.isclose(math.fsum(fractions), 1):
        raise ValueError(f"fractions: expected positive numbers that add up to 1; got {fractions}")
    order = permutation(len(dataset), whole_number("seed", seed, least=0))
    ends = [round(len(dataset) * math.fsum(fractions[: part + 1])) for part in range(len(fractions))]
    parts = [order[start:end] for start, end in pairwise([0, *ends])]
    if not all(map(len, parts)):
        raise ValueError(
            f"fractions {fractions} of {len(dataset)} rows make parts of {[len(part) for part in parts]} rows; "
            "no part may be empty"
        )
    return [Subset(dataset, part) for part in parts]
