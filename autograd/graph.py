"""The graph as data: a Node for each recorded operation, a Leaf for each tensor that gradients are asked for.

Edges lead from a node to the nodes of its inputs, never back, so reference counting alone frees a graph. A node is made
after its inputs, so its `index`, a running number, gives a topological order that costs nothing to keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from operator import attrgetter
from types import CodeType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from .mode import Mode
    from .primitive import Primitive
    from .tensor import Tensor

__all__ = ["Edge", "Leaf", "Node", "RemovableHandle", "next_index", "topological_order"]

Hook: TypeAlias = "Callable[[Tensor], Tensor | None]"

next_index = count().__next__


class Node:
    """One recorded operation.

    `saved` has an entry for each argument: the array where some rule asks for it, else the argument's own node (which
    knows shape and dtype); it is None once the graph has been freed. `output` is the result's array where a rule asks
    for it. `code` and `instruction` are the place in the user's program (see provenance.py), `mode` the module inside
    which the operation ran. Nodes that one kernel computed together share their `kernel`.
    """

    __slots__ = (
        "__weakref__",
        "code",
        "dtype",
        "grad",
        "hooks",
        "index",
        "inputs",
        "instruction",
        "kernel",
        "mode",
        "output",
        "params",
        "primitive",
        "saved",
        "shape",
    )

    primitive: Primitive
    inputs: tuple[Edge | None, ...]
    saved: tuple[Any, ...] | None
    output: np.ndarray[Any, Any] | None
    params: dict[str, Any]
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    index: int
    mode: Mode
    code: CodeType
    instruction: int
    hooks: list[Hook] | None
    kernel: tuple[str, ...]  # the operations, if there were several (see promises.py); else not set
    grad: Tensor | None  # set by `retain_grad` alone

    def __repr__(self) -> str:
        return f"<Node {self.index}: {self.primitive.name} -> {self.dtype}{list(self.shape)}>"


class Leaf:
    """Where gradients arrive: the graph's end for one tensor with `requires_grad`. It owns that tensor's `grad`."""

    __slots__ = ("__weakref__", "dtype", "grad", "hooks", "index", "name", "shape")

    inputs = ()
    saved = ()

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[Any], name: str | None = None) -> None:
        self.shape = shape
        self.dtype = dtype
        self.name = name
        self.index = next_index()
        self.grad: Tensor | None = None
        self.hooks: list[Hook] | None = None

    def __repr__(self) -> str:
        return f"<Leaf {self.index}: {self.name or 'unnamed'} {self.dtype}{list(self.shape)}>"


Edge: TypeAlias = Node | Leaf


class RemovableHandle:
    """What `register_hook` returns."""

    def __init__(self, hooks: list[Any], hook: Any) -> None:
        self._hooks = hooks
        self._hook = hook

    def remove(self) -> None:
        """Take the hook away; a second call does nothing."""
        if self._hook in self._hooks:
            self._hooks.remove(self._hook)


def topological_order(roots: Iterable[Edge]) -> list[Edge]:
    """All nodes and leaves that the roots depend on, inputs before the operations that use them."""
    found = list(dict.fromkeys(roots))
    seen = set(found)
    for node in found:  # grows while we go
        for parent in node.inputs:
            if parent is not None and parent not in seen:
                seen.add(parent)
                found.append(parent)
    found.sort(key=attrgetter("index"))
    return found
