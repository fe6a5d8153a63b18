"""A tensor that is a whole batch, and looks like one example of it.

`Batched` has the shape of one example; its `payload`, a tensor with one more axis in front, has the numbers of all.
An operation on it is an operation on the payload, which `rules` finds: so there is one graph, that of the payloads,
and derivatives of a `vmap`, within it or around it, need no rule of their own.

A batch belongs to the call of `vmap` that made it, a `Level`. When calls nest, so do batches: the payload of an inner
one may be a batch of an outer one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from math import prod
from typing import Any, NoReturn

from numpy import dtype

from ..graph import Edge
from ..ops.shaping import broadcast_to
from ..standins import StandIn
from ..tensor import Tensor
from .refusing import asks_for_values, escaped, has_own_graph
from .rules import result_of

__all__ = ["Batched", "Level", "entered", "everywhere", "over"]


class Level:
    """One call of `vmap`, over so many examples, inside so many others."""

    __slots__ = ("depth", "size")

    def __init__(self, size: int, depth: int) -> None:
        self.size = size
        self.depth = depth

    def payload_of(self, x: Tensor) -> Tensor:
        """The batch behind a tensor; of one that is the same for all examples, as many of it."""
        if isinstance(x, Batched) and x.level is self:
            return x.payload
        return broadcast_to(x, (self.size, *x.shape))  # type: ignore[no-any-return]


_levels: ContextVar[tuple[Level, ...]] = ContextVar("tapegrad_levels", default=())


@contextmanager
def entered(size: int) -> Iterator[Level]:
    """The level of a `vmap` that is running."""
    outer = _levels.get()
    level = Level(size, len(outer))
    token = _levels.set((*outer, level))
    try:
        yield level
    finally:
        _levels.reset(token)


class Batched(StandIn):
    """One example, as the function that is mapped sees it."""

    __slots__ = ("level", "payload")

    def __init__(self, level: Level, payload: Tensor) -> None:
        self.level = level
        self.payload = payload

    @property
    def depth(self) -> int:  # type: ignore[override]
        """How deep its level is."""
        return self.level.depth

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one example."""
        return self.payload.shape[1:]

    @property
    def ndim(self) -> int:
        """The number of axes of one example."""
        return self.payload.ndim - 1

    @property
    def size(self) -> int:
        """The number of elements of one example."""
        return prod(self.shape)

    @property
    def dtype(self) -> dtype[Any]:
        """The dtype of the elements."""
        return self.payload.dtype

    @property
    def node(self) -> Edge | None:
        """The place of the batch in the graph."""
        return self.payload.node

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a 0-d tensor")
        return self.shape[0]

    def detach(self) -> Batched:
        """The same values outside the graph."""
        return Batched(self.level, self.payload.detach())

    def __repr__(self) -> str:
        return f"<one of {self.level.size} tensors {self.dtype}{list(self.shape)}, inside vmap>"

    def applied(self, operation: Any, args: Sequence[Any], params: dict[str, Any]) -> Any:
        """The operation on batches, by its rule."""
        level = self.level
        if level not in _levels.get():
            raise escaped(getattr(operation, "name", None) or operation.__name__, repr(self))
        mine = [isinstance(x, Batched) and x.level is level for x in args]
        payloads = [x.payload if own else x for x, own in zip(args, mine, strict=True)]
        return Batched(level, result_of(operation, level.size, payloads, mine, params))

    def _frozen(self) -> NoReturn:
        raise asks_for_values(repr(self), self.level.size)

    def _no_own_gradient(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise has_own_graph(repr(self))

    backward = register_hook = retain_grad = _no_own_gradient
    requires_grad = property(lambda self: self.node is not None, _no_own_gradient)


def over(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """What a function makes of the tensor that is at the bottom of batches in batches, as such a batch."""
    return Batched(x.level, over(function, x.payload)) if isinstance(x, Batched) else function(x)


def everywhere(x: Tensor) -> Tensor:
    """The tensor as a batch of every `vmap` that is running, so that each example has its own."""
    return _lifted(x, _levels.get())


def _lifted(x: Tensor, levels: tuple[Level, ...]) -> Tensor:
    if not levels:
        return x
    *outer, level = levels
    if isinstance(x, Batched) and x.level is level:
        return Batched(level, _lifted(x.payload, tuple(outer)))
    return Batched(level, level.payload_of(_lifted(x, tuple(outer))))
