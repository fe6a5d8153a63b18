"""What a data set is, and the plainest one: arrays side by side."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .rows import as_rows


class Dataset(Protocol):
    """What `DataLoader`, `Subset` and `random_split` ask of a data set.

    `dataset[rows]` with an array of row numbers, (n,), gives a tuple of new arrays, (n, ...) each;
    `dataset[row]` with an integer gives the same tuple without the first axis.
    """

    def __len__(self) -> int: ...

    def __getitem__(self, index: Any, /) -> tuple[Any, ...]: ...


class ArrayDataset:
    """A data set of arrays whose first axes belong together: `ArrayDataset(images, labels)`.

    The arrays are kept, not copied; what indexing gives is always a copy.

    Raises:
        ValueError: no array, one without a first axis, or first axes of unequal lengths.
    """

    def __init__(self, *arrays: NDArray[Any]) -> None:
        self.arrays = tuple(np.asarray(array) for array in arrays)
        shapes = [array.shape for array in self.arrays]
        if not shapes or () in shapes or len({shape[0] for shape in shapes}) > 1:
            raise ValueError(f"ArrayDataset expects one or more arrays with first axes of one length; got {shapes}")

    def __len__(self) -> int:
        return len(self.arrays[0])

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        rows = as_rows(index, len(self))
        return tuple(np.take(array, rows, axis=0) for array in self.arrays)
