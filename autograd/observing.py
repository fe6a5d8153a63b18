"""Watching the engine at work: an `Observer` is told of each operation, each rule and each gradient.

Observers stand in the mode (see mode.py), so they watch one thread or task, and where there is none an operation pays
for one look at a slot. They are told after the fact; what one raises reaches the user in the place of the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import local
from time import perf_counter
from typing import TYPE_CHECKING, Any

from .mode import leave, watched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .graph import Edge, Node
    from .primitive import Primitive, Rule
    from .promises import Promise
    from .tensor import Tensor

__all__ = ["Observer", "kept_under", "observing", "tell", "timed", "watched_rules"]


class Observer:
    """What can be watched; a subclass has the methods that it cares for.

    Seconds are exclusive: those of what was told of meanwhile are not among them, so that sums are right. A node keeps
    the mode that it was made in, and so the observers: one that keeps nodes makes a cycle that only the garbage
    collector frees. Keep `node.index` instead.
    """

    def operation(
        self, primitive: Primitive, args: Sequence[Any], params: dict[str, Any], result: Tensor, seconds: float | None
    ) -> None:
        """An operation on a tensor has run, tracked or not, or has promised its result.

        Args:
            args: tensors and others, as the operation was called.
            result: its `node` is None if nothing was recorded.
            seconds: None if the result is promised, and for writes in place, which are only noted here.
        """

    def computed(self, node: Node | None, array: NDArray[Any], seconds: float) -> None:
        """A promised result has been computed; `node.kernel`, if set, names all the operations that were."""

    def arrived(self, node: Edge, g: Any) -> None:
        """The walk has reached a node, with its whole cotangent: of a complex node, the gradient's conjugate."""

    def pulled(self, node: Node, argument: int, g: Any, seconds: float) -> None:
        """A rule of the node has given what goes to one of its arguments, not yet summed over broadcast axes."""


@contextmanager
def observing(observer: Observer) -> Iterator[None]:
    """Within it, what runs in this thread or task is told to the observer, and to those around it first."""
    token = watched(observer)
    try:
        yield
    finally:
        leave(token)


def tell(observers: Sequence[Observer], method: str, *what: Any) -> None:
    """Call one of the methods above on each."""
    for observer in observers:
        getattr(observer, method)(*what)


class _Meanwhile(local):
    """How long, in this thread, what was timed inside of what is being timed has taken."""

    seconds = 0.0


_meanwhile = _Meanwhile()


def timed(function: Callable[..., Any], /, *args: Any, **params: Any) -> tuple[Any, float]:
    """The function's result, and its seconds without those of what was timed inside of it."""
    outside, _meanwhile.seconds = _meanwhile.seconds, 0.0
    begun = perf_counter()
    try:
        result = function(*args, **params)
    finally:
        took = perf_counter() - begun
        inside, _meanwhile.seconds = _meanwhile.seconds, outside + took
    return result, took - inside


def kept_under(observers: Sequence[Observer], promise: Promise) -> NDArray[Any]:
    """What a promise computes."""
    array, seconds = timed(promise.compute)
    tell(observers, "computed", promise.node, array, seconds)
    return array  # type: ignore[no-any-return]


def watched_rules(observers: Sequence[Observer], node: Node, rules: Sequence[Rule | None]) -> list[Rule | None]:
    """The rules of a node, each of which tells what it gave."""

    def watched_rule(argument: int, rule: Rule) -> Rule:
        def told(*args: Any, **params: Any) -> Any:
            g, seconds = timed(rule, *args, **params)
            tell(observers, "pulled", node, argument, g, seconds)
            return g

        return told

    return [rule and watched_rule(argument, rule) for argument, rule in enumerate(rules)]
