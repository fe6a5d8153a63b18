"""What depends on the size of a batch.

A trace has numbers where a file must have sizes that are known only when it is run. So there are several traces, with
batches of different sizes; what is not the same in all of them is a size, a multiple of the batch's plus a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...autograd.tensor import Tensor
from .errors import UnsupportedError
from .tracing import Key, Traced

__all__ = ["BATCHES", "Dim", "Repeated", "Size", "Source", "merged"]

BATCHES = (2, 3, 5)
"""Not 1, which broadcasts; and three, to notice what is no multiple."""


@dataclass(frozen=True)
class Size:
    """factor · batch + offset."""

    factor: int
    offset: int

    def __str__(self) -> str:
        return ("batch" if self.factor == 1 else f"{self.factor}*batch") + (f"{self.offset:+}" if self.offset else "")


Dim = int | Size


@dataclass(frozen=True)
class Source:
    """A tensor, as an argument."""

    key: Key
    shape: tuple[Dim, ...]
    dtype: np.dtype[Any]


@dataclass(frozen=True)
class Repeated:
    """A constant that is the same all along the axes that grow with the batch."""

    array: NDArray[Any]
    shape: tuple[Dim, ...]


def merged(values: Sequence[Any]) -> Any:
    """The same thing in all traces, as one.

    Raises:
        UnsupportedError: it depends on the batch in another way than sizes do.
    """
    first, *others = values
    if any(type(value) is not type(first) for value in others):
        raise _depends(values)
    if isinstance(first, Traced):
        if any(value.key != first.key or value.dtype != first.dtype for value in others):
            raise _depends(values)
        return Source(first.key, merged([value.shape for value in values]), first.dtype)
    if isinstance(first, Tensor):
        return merged([value.numpy() for value in values])
    if isinstance(first, np.ndarray):
        return _merged_arrays(values)
    if isinstance(first, slice):
        return slice(*merged([(part.start, part.stop, part.step) for part in values]))
    if type(first) in (tuple, list) and all(len(value) == len(first) for value in others):
        return type(first)(merged(parts) for parts in zip(*values, strict=True))
    if all(value is first or value == first or value != value for value in others):
        return first
    if type(first) is int and len(values) == len(BATCHES):
        (n, m, _), (a, b, _) = BATCHES, values
        factor = (b - a) // (m - n)
        size = Size(factor, a - factor * n)
        if all(size.factor * batch + size.offset == value for batch, value in zip(BATCHES, values, strict=True)):
            return size
    raise _depends(values)


def _merged_arrays(arrays: Sequence[NDArray[Any]]) -> Any:
    first = arrays[0]
    if all(np.array_equal(array, first, equal_nan=first.dtype.kind in "fc") for array in arrays[1:]):
        return first
    shape = merged([array.shape for array in arrays])
    one = first[tuple(slice(0, 1) if isinstance(size, Size) else slice(None) for size in shape)]
    if any(not np.array_equal(array, np.broadcast_to(one, array.shape)) for array in arrays):
        raise _depends(arrays)
    return Repeated(one, shape)


def _depends(values: Sequence[Any]) -> UnsupportedError:
    shown = " and ".join(f"{value!r:.60}" for value in values[:2])
    sizes = " and ".join(map(str, BATCHES[:2]))
    return UnsupportedError(
        f"depends on the size of the batch, and not as shapes do: for {sizes} examples it has {shown}; say "
        "dynamic_batch=False to export for the batch size of the example alone"
    )
