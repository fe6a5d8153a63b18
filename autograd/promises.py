"""Results that are computed when they are needed: until then it may turn out that more can be done in one go.

A convolution promises its result. If relu or a max pooling is what looks at it next, it only promises on: and when at
last somebody needs the numbers, one kernel goes through memory once for all of them, unless an intermediate result can
still be seen by anyone, as a tensor or through a hook. Then it is computed as it was written. Which it was shows in the
numbers' last digits at most, and in drawings.
"""

from __future__ import annotations

import os
from sys import getrefcount
from threading import RLock
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from .mode import current_mode
from .observing import kept_under

if TYPE_CHECKING:
    from numpy import dtype

    from .graph import Node
    from .primitive import Primitive
    from .storage import Storage

__all__ = ["Promise", "joined"]

_keeping = RLock()


def _forget() -> None:
    """A forked child has none of its parent's other threads, and perhaps the lock that one of them held."""
    global _keeping
    _keeping = RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


class Promise:
    """A result to come, and how to compute it.

    Attributes:
        source: the promise whose result this one is computed from, if any.
        node: the place in the graph of the tensor that this was promised to, if it is tracked.
        wanted: whether the node's rules ask for the result.
    """

    __slots__ = ("_array", "dtype", "node", "shape", "source", "wanted")

    def __init__(self, shape: tuple[int, ...], dtype: dtype[Any], source: Promise | None = None) -> None:
        self.shape = shape
        self.dtype = dtype
        self.source = source
        self.node: Node | None = None
        self.wanted = False
        self._array: NDArray[Any] | None = None

    def kept(self) -> NDArray[Any]:
        """The result: read-only, computed at the first call."""
        with _keeping:
            if self._array is None:
                observers = current_mode().observers
                self._array = array = self.compute() if observers is None else kept_under(observers, self)
                array.setflags(False)  # type: ignore[call-arg]
                self.source = None
                if self.node is not None and self.wanted:
                    self.node.output = array
            return self._array

    def compute(self) -> NDArray[Any]:
        """Compute the result, from the source's or, if `source_unseen`, together with it."""
        raise NotImplementedError

    def with_(self, primitive: Primitive, params: dict[str, Any]) -> Promise | None:
        """The promise of what a primitive makes of this result; None if that gains nothing."""
        return None

    def source_unseen(self) -> bool:
        """Whether nobody but this promise will ever ask for the source's result."""
        source = self.source
        if source is None or source._array is not None or getrefcount(source) > _UNSEEN:
            return False
        node = source.node
        return node is None or (node.hooks is None and not hasattr(node, "grad"))


def joined(x: Storage, primitive: Primitive, params: dict[str, Any]) -> Promise | None:
    """The promise of what a primitive makes of a promised result, if they can be computed together."""
    promise = getattr(x, "_promise", None)
    return None if promise is None else promise.with_(primitive, params)


class _Probe(Promise):
    __slots__ = ()

    def count(self) -> int:
        source = self.source
        return getrefcount(source)


# How many references a promise has that only the next one holds: asked as `source_unseen` asks, for Pythons differ.
_UNSEEN = _Probe((), None, Promise((), None)).count()  # type: ignore[arg-type]
