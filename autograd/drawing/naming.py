"""What the tensors of a graph are called: by the user, by the modules that they belong to, or by themselves."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from numpy.typing import NDArray

from ..graph import Edge, Leaf, Node
from ..mode import Mode
from ..tensor import Tensor

__all__ = ["Names", "memory_of"]


def memory_of(array: NDArray[Any]) -> Hashable:
    """What two arrays have in common when they are the same values in the same place."""
    return array.ctypes.data, array.shape, array.strides, array.dtype


class Names:
    """The names of tracked tensors by their place in the graph, and of constants by their place in memory.

    The user's names come first, then those of parameters in the outermost module that was being called.
    """

    def __init__(self, given: Mapping[str, Any], order: Iterable[Edge]) -> None:
        self._tracked: dict[Edge, str] = {}
        self._constant: dict[Hashable, str] = {}
        self._learn(given.items())
        for module in dict.fromkeys(_outermost(node.mode) for node in order if isinstance(node, Node)):
            named_parameters = getattr(module, "named_parameters", None)
            if named_parameters is not None:
                self._learn(named_parameters())

    def _learn(self, named: Iterable[tuple[str, Any]]) -> None:
        for name, value in named:
            if not isinstance(value, Tensor):
                continue
            if value.node is not None:
                self._tracked.setdefault(value.node, name)
            else:
                self._constant.setdefault(_elements_of(value.numpy()), name)

    def of(self, node: Edge) -> str | None:
        """The name of the tensor that an operation made or that a leaf stands for."""
        return self._tracked.get(node) or (node.name if isinstance(node, Leaf) else None) or None

    def of_constant(self, array: NDArray[Any]) -> str | None:
        """The name of the untracked tensor that holds this array, perhaps in another shape."""
        return self._constant.get(_elements_of(array))


def _elements_of(array: NDArray[Any]) -> Hashable:
    """As `memory_of`, but the same for an array before and after `reshape`."""
    return (array.ctypes.data, array.size, array.dtype) if array.flags.c_contiguous else memory_of(array)


def _outermost(mode: Mode) -> object:
    while mode.parent is not None and mode.parent.module is not None:
        mode = mode.parent
    return mode.module
