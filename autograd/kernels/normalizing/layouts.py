"""How the elements that are normalised together lie in memory: in rows, or in channels along rows or columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

from numpy.typing import NDArray

__all__ = ["BLOCK", "Channels", "Rows", "layout_of"]

BLOCK = 64  # rows of which columns have a sum of their own
_WIDE = 512  # numbers of which a loop over columns should have as many


@dataclass(frozen=True)
class Rows:
    """Each row is normalised by itself; there are so many rows of parameters, for so many parts of each row."""

    shape: tuple[int, int]
    parameters: tuple[int, int]


@dataclass(frozen=True)
class Channels:
    """Rows that belong to channels one after the other, or with columns that do."""

    shape: tuple[int, int]
    """Of the rows. Of columns several rows of x lie side by side, for loops to be long."""
    count: int
    """Of channels."""
    columns: bool
    order: tuple[int, ...]
    """Of the axes of x."""

    @property
    def members(self) -> int:
        """How many numbers a channel has."""
        return prod(self.shape) // self.count


def layout_of(x: NDArray[Any], axes: tuple[int, ...], *parameters: Any) -> Rows | Channels | None:
    """The layout of a contiguous x, or of one with the single axis that is not averaged over last; None for others.

    Parameters are arrays that broadcast against x, or numbers.
    """
    shapes = {parameter.shape for parameter in parameters if getattr(parameter, "shape", ())}
    if len(shapes) > 1:
        return None
    contiguous = x.flags.c_contiguous
    layout = _found(x.shape, axes, next(iter(shapes), ()), contiguous)
    fits = contiguous or (isinstance(layout, Channels) and x.transpose(layout.order).flags.c_contiguous)
    return layout if fits else None


@lru_cache(maxsize=256)
def _found(
    shape: tuple[int, ...], axes: tuple[int, ...], parameter: tuple[int, ...], contiguous: bool
) -> Rows | Channels | None:
    parameter = (1,) * (len(shape) - len(parameter)) + parameter
    own = [i for i, size in enumerate(parameter) if size > 1]  # the axes along which parameters differ
    first, stop = (own[0], own[-1] + 1) if own else (0, 0)
    if parameter[first:stop] != shape[first:stop]:
        return None
    start = len(shape) - len(axes)
    if contiguous and axes == tuple(range(start, len(shape))) and (not own or first <= start <= stop):
        parameters = prod(parameter[:start]), prod(parameter[start:])
        return Rows((prod(shape[:start]), prod(shape[start:])), parameters)
    kept = [i for i in range(len(shape)) if i not in axes]
    if len(kept) != 1 or not set(own) <= set(kept):
        return None
    [axis] = kept
    rows, count, after = prod(shape[:axis]), shape[axis], prod(shape[axis + 1 :])
    if contiguous and after > 1:
        return Channels((rows * count, after), count, False, tuple(range(len(shape))))
    rows, length = rows * after, count
    while rows % 2 == 0 and length < _WIDE:
        rows, length = rows // 2, length * 2
    return Channels((rows, length), count, True, (*axes, axis))
