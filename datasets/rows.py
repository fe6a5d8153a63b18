"""Which rows of a data set an index names."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def as_rows(index: Any, length: int) -> int | NDArray[np.int64]:
    """Turn an index into one row number, or an array of row numbers, (n,).

    An integer gives a number; a slice, a sequence or array of integers, (n,), or a mask, (length,) booleans, an array.
    Negative ones count from the end, as everywhere in Python.

    Raises:
        TypeError: the index is none of these.
        IndexError: a row outside of -length <= row < length, more than one dimension, or a mask of another length.
    """
    if isinstance(index, slice):
        return np.arange(length)[index]
    rows = np.asarray(index)
    if rows.dtype == np.bool_:
        if rows.shape != (length,):
            raise IndexError(f"expected a mask of shape ({length},), one boolean a row; got shape {rows.shape}")
        return np.flatnonzero(rows)
    if rows.size and not np.issubdtype(rows.dtype, np.integer):
        raise TypeError(f"expected an integer, a slice, or an array of integers or booleans; got {rows.dtype}")
    if rows.ndim > 1:
        raise IndexError(f"expected row numbers in one dimension; got shape {rows.shape}")
    if rows.size and (rows.min() < -length or rows.max() >= length):
        raise IndexError(f"row {rows.min() if rows.min() < -length else rows.max()} of a data set with {length} rows")
    return rows.astype(np.int64, copy=False) if rows.ndim else int(rows)
