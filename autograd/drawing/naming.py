"""What the tensors of a graph are called: by the user, by the modules that they belong to, or by themselves."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from numpy.typing import NDArray

from ..graph import Edge, Leaf, Node
from ..mode import Mode
from ..tensor import Tensor
from ..trees import children

__all__ = ["Names", "memory_of", "named_tensors"]


def memory_of(array: NDArray[Any]) -> Hashable:
    """What two arrays have in common when they are the same values in the same place."""
    return array.ctypes.data, array.shape, array.strides, array.dtype


def named_tensors(named: Any, modules: bool) -> Iterator[tuple[str, Tensor]]:
    """Tensors in a dict and in containers below it, with dotted names; or, instead, those of the modules there."""
    waiting: list[tuple[str, Any]] = [("", named)]
    seen: set[int] = set()  # containers may hold themselves
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, Tensor):
            if not modules:
                yield name, value
        elif hasattr(value, "named_parameters"):
            if modules:
                yield from ((f"{name}.{below}", tensor) for below, tensor in value.named_parameters())
        elif id(value) not in seen:
            seen.add(id(value))
            parts = value if isinstance(value, Mapping) else children(value)
            for key, part in [*(parts or {}).items()][::-1]:
                step = str(key).strip("[].'\"") if name else str(key)
                waiting.append((f"{name}.{step}" if name else step, part))


class Names:
    """The names of tracked tensors by their place in the graph, and of constants by their place in memory.

    The user's names come first, then those of parameters in the outermost module that was being called, then those in
    modules that the user named.

    Attributes:
        tensors: by place in the graph, tensors with a name: those whose values may be looked at.
        parameters: the places of parameters of modules.
    """

    def __init__(self, given: Mapping[str, Any], order: Iterable[Edge]) -> None:
        self.tensors: dict[Edge, Tensor] = {}
        self.parameters: set[Edge] = set()
        self._tracked: dict[Edge, str] = {}
        self._constant: dict[Hashable, str] = {}
        self._learn(named_tensors(given, modules=False))
        self._modules: dict[int, str] = {}
        for module in dict.fromkeys(_outermost(node.mode) for node in order if isinstance(node, Node)):
            if hasattr(module, "named_parameters") and hasattr(module, "named_modules"):
                named = [*module.named_parameters()]
                self.parameters.update(tensor.node for _, tensor in named if tensor.node is not None)
                self._learn(named)
                for name, below in module.named_modules():
                    self._modules.setdefault(id(below), name)
        self._learn(named_tensors(given, modules=True))

    def _learn(self, named: Iterable[tuple[str, Tensor]]) -> None:
        for name, tensor in named:
            if tensor.node is not None:
                self._tracked.setdefault(tensor.node, name)
                self.tensors.setdefault(tensor.node, tensor)
            else:
                self._constant.setdefault(_elements_of(tensor.numpy()), name)

    def of(self, node: Edge) -> str | None:
        """The name of the tensor that an operation made or that a leaf stands for."""
        return self._tracked.get(node) or (node.name if isinstance(node, Leaf) else None) or None

    def of_constant(self, array: NDArray[Any]) -> str | None:
        """The name of the untracked tensor that holds this array, perhaps in another shape."""
        return self._constant.get(_elements_of(array))

    def of_module(self, module: object) -> str:
        """The dotted name of a module below the outermost one; that one has none."""
        return self._modules.get(id(module), "")


def _elements_of(array: NDArray[Any]) -> Hashable:
    """As `memory_of`, but the same for an array before and after `reshape`."""
    return (array.ctypes.data, array.size, array.dtype) if array.flags.c_contiguous else memory_of(array)


def _outermost(mode: Mode) -> object:
    while mode.parent is not None and mode.parent.module is not None:
        mode = mode.parent
    return mode.module
