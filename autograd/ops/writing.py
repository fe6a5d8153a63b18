"""Writing into an array, as a function: `written(x, value, place)` is x, but for `value` at a place of it.

Its derivative is as plain: what was overwritten gets no gradient, what was written gets that of where it went. The
place may be seen through views. Where an index names one element several times, the last value stays, and has the
gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..broadcasting import sum_to
from ..primitive import primitive
from .complex import conjugate
from .indexing import getitem, names_each_once
from .selecting import where

__all__: list[str] = []  # what leads here is an assignment


class Place(NamedTuple):
    """Where in an array something is written: at an index of a view of it.

    Attributes:
        views: what leads from the array to the view, step by step: each an operation, and its arguments but the first.
        index: of plain numbers, slices and arrays.
        order: the axes of the array as they lie in memory, that with the largest steps first. On arrays that lie like
            this, without gaps, NumPy's results of the operations are views.
    """

    views: tuple[tuple[Callable[..., Any], Any, dict[str, Any]], ...]
    index: Any
    order: tuple[int, ...]

    def seen(self, x: Any) -> Any:
        """The view, of an array or a tensor."""
        for operation, args, params in self.views:
            x = operation(x, *args, **params)
        return x

    def write(self, x: NDArray[Any], value: Any) -> None:
        """Write a value of the array's dtype."""
        view = self.seen(x)
        assert np.may_share_memory(view, x) or not view.size, "the value would be lost"
        view[self.index] = value

    def copied(self, x: NDArray[Any]) -> NDArray[Any]:
        """A copy that lies in memory as the views need it."""
        if not self.views:
            return np.array(x, order="K")
        y = np.empty([x.shape[axis] for axis in self.order], x.dtype).transpose(np.argsort(self.order))
        y[...] = x
        return y

    def __repr__(self) -> str:
        return f"{'view' * bool(self.views)}[{self.index!r}]"


@primitive
def written(x: Any, value: Any, place: Any = None) -> Any:
    """A copy of x with a value written at a place, as `x[index] = value` does."""
    y = place.copied(x)
    place.write(y, value)
    return y


def _of_value(g: Any, _y: Any, _x: Any, _value: Any, place: Place) -> Any:
    if g.dtype.kind == "c":  # parts of complex numbers are parts of the gradient, which is the conjugate
        seen = place.seen(conjugate(g))
        seen = conjugate(seen) if seen.dtype.kind == "c" else seen
    else:
        seen = place.seen(g)
    part = getitem(seen, place.index)
    if not names_each_once(place.index):
        part = where(_stays(seen.shape, place.index, part.shape), part, 0)
    added = max(len(_value.shape) - len(part.shape), 0)  # axes of size 1 that NumPy passes over
    return sum_to(part, _value.shape[added:]).reshape(_value.shape)


def _stays(shape: tuple[int, ...], index: Any, part: tuple[int, ...]) -> NDArray[np.bool]:
    """Which values stay where an index may name one element several times: we write numbers, and read what is left."""
    numbers = np.arange(np.prod(part, dtype=int)).reshape(part)
    left = np.empty(shape, numbers.dtype)
    left[index] = numbers
    return left[index] == numbers  # type: ignore[no-any-return]


written.defvjp(lambda g, _y, _x, _value, place: written(g, 0, place), _of_value)
