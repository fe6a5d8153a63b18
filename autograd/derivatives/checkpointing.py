"""`checkpoint`: arrays that derivatives will need are not kept, but computed again when the walk comes to them.

The graph stays as it was recorded, with its leaves, hooks and closures; only its nodes forget their arrays. The first
of them that a walk visits has the function run once more. That records the same nodes again, in the same order, and
each forgetful node takes its arrays from its twin. A walk goes from the youngest node to the oldest, so twins younger
than the one asked for are dropped: what was computed again is freed as the walk goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import copy_context
from functools import wraps
from operator import attrgetter
from threading import RLock
from typing import Any

import numpy as np

from .. import randomness
from ..batching import over
from ..errors import GraphError
from ..graph import Node, next_index
from ..mode import is_grad_enabled
from ..tensor import Tensor, wrap
from ..trees import leaves, mapped

__all__ = ["checkpoint"]


def checkpoint(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, of whose inner arrays the graph keeps none: they are computed again for derivatives.

    Between the forward pass and the walk, memory holds its arguments and results alone; each walk through it calls it
    once more. Keyword arguments, tensors that it closes over (a module's parameters) and derivatives of every order
    work as without. What it draws from the generator of `nn` (dropout does) is drawn the same again; pass other random
    numbers, or a seed, as arguments. (Chen et al., Training deep nets with sublinear memory cost, 2016)

    Raises:
        GraphError: in the walk, if the second call gives other results, for it drew other numbers, or what it closes
            over was changed.
    """

    @wraps(function, updated=())
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if not is_grad_enabled():
            return function(*args, **kwargs)
        run = _Run(function, args, kwargs)
        since = next_index()
        result = function(*args, **kwargs)
        run.forget(result, since)
        return result

    return wrapped


class _Run:
    """A call that can be repeated, and what is known of the first time."""

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.function = function
        self.arguments = mapped(_held, (args, kwargs))
        self.context = copy_context()
        self.random_states = randomness.state()
        self.kinds: list[Any] = []
        self.sums: list[tuple[complex, float]] = []
        self.twins: list[Node] = []
        self.lock = RLock()

    def forget(self, result: Any, since: int) -> None:
        """Have the nodes of the first call take their arrays from their twins."""
        self.sums = _sums(result)  # this computes what was only promised, too
        nodes = _recorded(result, since)
        self.kinds = list(map(_kind, nodes))
        for i, node in enumerate(nodes):
            if isinstance(node, _Forgetful) or _keeps_arrays(node):
                node.output = None
                node.saved = _Borrowed(self, i)  # type: ignore[assignment]
                node.__class__ = _Forgetful

    def twin(self, i: int) -> Node:
        """The node of the second call that is like the i-th of the first; those after it are no longer needed."""
        with self.lock:
            if len(self.twins) <= i:
                self.twins = self._again()
            del self.twins[i + 1 :]
            return self.twins[i]

    def _again(self) -> list[Node]:
        args, kwargs = mapped(_held, self.arguments)
        since = next_index()
        with randomness.restored(self.random_states):
            result = self.context.copy().run(self.function, *args, **kwargs)
        sums = _sums(result)
        nodes = _recorded(result, since)
        same = len(sums) == len(self.sums) and all(map(_close, sums, self.sums))
        if not same or list(map(_kind, nodes)) != self.kinds:
            raise GraphError(
                f"checkpoint: {getattr(self.function, '__name__', self.function)!r:.60} did not do the same again, so "
                "its gradient would be wrong; pass random numbers and what changes between calls as arguments"
            )
        return nodes


class _Borrowed:
    """What a forgetful node saved, whenever it is asked for."""

    def __init__(self, run: _Run, i: int) -> None:
        self.run = run
        self.i = i

    def __iter__(self) -> Iterator[Any]:
        return iter(self.run.twin(self.i).saved or ())

    def __getitem__(self, i: int) -> Any:
        return tuple(self)[i]


class _Forgetful(Node):
    """A node whose arrays are its twin's."""

    __slots__ = ()

    @property
    def output(self) -> Any:
        """The result's array, if a rule asks for it."""
        borrowed: Any = self.saved
        return None if borrowed is None else borrowed.run.twin(borrowed.i).output

    @output.setter
    def output(self, value: Any) -> None:
        """There is nothing to free."""


def _recorded(result: Any, since: int) -> list[Node]:
    """The nodes made since then that a result depends on, oldest first."""
    roots = (y.node for y in leaves(result) if isinstance(y, Tensor))
    found = list(dict.fromkeys(node for node in roots if node is not None and node.index > since))
    seen = set(found)
    for node in found:  # grows while we go
        for parent in node.inputs:
            if parent is not None and parent.index > since and parent not in seen:
                seen.add(parent)
                found.append(parent)
    return sorted((node for node in found if isinstance(node, Node)), key=attrgetter("index"))


def _keeps_arrays(node: Node) -> bool:
    return node.output is not None or any(isinstance(kept, np.ndarray) for kept in node.saved or ())


def _kind(node: Node) -> tuple[Any, ...]:
    """What twins have in common."""
    return node.primitive, node.shape, node.dtype, [parent is None for parent in node.inputs]


def _held(x: Any) -> Any:
    """An argument as it is now, whatever is written to it later."""
    if isinstance(x, Tensor):
        return over(lambda t: wrap(t._frozen(), t.node), x)
    return x.copy() if isinstance(x, np.ndarray) else x


def _sums(result: Any) -> list[tuple[complex, float]]:
    """What results are known again by: a weighted sum of each, and how far off rounding may bring it."""
    sums = []

    def add(t: Tensor) -> Tensor:
        y = t._frozen().ravel()
        weights = np.linspace(1, 2, y.size)
        with np.errstate(all="ignore"):
            rounding = 64 * np.finfo(y.dtype if y.dtype.kind in "fc" else float).eps * (np.abs(y) @ weights)
            sums.append((complex(y @ weights), float(rounding)))
        return t

    for y in leaves(result):
        if isinstance(y, Tensor):
            over(add, y)
    return sums


def _close(before: tuple[complex, float], now: tuple[complex, float]) -> bool:
    return bool(np.isclose(before[0], now[0], rtol=0, atol=max(before[1], now[1]), equal_nan=True))
