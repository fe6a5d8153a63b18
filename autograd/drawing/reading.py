"""From the graph to a picture of it: a box for each operation, leaf and constant array, found without recursion."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np

from ..graph import Edge, Leaf, Node, topological_order
from ..provenance import place
from .labels import array_label, number_label, parameter_labels
from .naming import Names, memory_of
from .picture import Arrow, Box, Kind, Picture

__all__ = ["read"]

# Operations that give the same whichever of their two arguments comes first
_COMMUTATIVE = {"add", "fmax", "fmin", "hypot", "logaddexp", "logaddexp2", "maximum", "minimum", "multiply"}


def read(outputs: Mapping[Edge, str | None], names: Mapping[str, Any]) -> Picture:
    """The picture of everything that the outputs, with their names, depend on."""
    order = topological_order(outputs)
    reader = _Reader(outputs, Names(names, order))
    for node in order:
        if isinstance(node, Leaf):
            reader.add_leaf(node)
        else:
            reader.add_operation(node)
            reader.add_kernel(node)
    return reader.picture


class _Reader:
    def __init__(self, outputs: Mapping[Edge, str | None], names: Names) -> None:
        self.picture = Picture()
        self._outputs = outputs
        self._names = names
        self._numbers: dict[Edge, int] = {}
        self._constants: dict[Hashable, int] = {}
        self._kernels: dict[int, list[int]] = {}

    def add_leaf(self, leaf: Leaf) -> None:
        shape, title = array_label(leaf.shape, leaf.dtype), self._name(leaf) or "tensor"
        kind = Kind.OUTPUT if leaf in self._outputs else Kind.LEAF
        self._numbers[leaf] = self._add(Box(kind, title, (shape,), f"{title}; {shape}; tracked"))

    def add_operation(self, node: Node) -> None:
        """An operation with arrows from its arguments; arguments without a box of their own become lines in it."""
        primitive, name = node.primitive, self._name(node)
        arrows: list[tuple[int, str]] = []
        lines: list[str] = []
        for i in range(len(node.inputs)):
            argument = f"arrays[{i}]" if primitive.variadic else primitive.arguments[i]
            source = self._source(node, i, argument)
            if isinstance(source, int):
                arrows.append((source, argument))
            else:
                lines.append(f"{argument}={source}")
        lines += [*parameter_labels(node), array_label(node.shape, node.dtype)]
        title = f"{name} = {primitive.name}" if name else primitive.name
        tooltip = "; ".join((title, *lines, f"called at {place(node.code, node.instruction)}"))
        kind = Kind.OUTPUT if node in self._outputs else Kind.OPERATION
        ordered = len(arrows) > 1 and primitive.name not in _COMMUTATIVE
        self._numbers[node] = target = self._add(Box(kind, title, tuple(lines), tooltip, ordered))
        self.picture.arrows += [Arrow(source, target, argument) for source, argument in arrows]

    def add_kernel(self, node: Node) -> None:
        """Remember which boxes one kernel computed together."""
        if hasattr(node, "kernel"):
            boxes = self._kernels.setdefault(id(node.kernel), [])
            if not boxes:
                self.picture.fused.append(boxes)
            boxes.append(self._numbers[node])

    def _add(self, box: Box) -> int:
        self.picture.boxes.append(box)
        return len(self.picture.boxes) - 1

    def _name(self, node: Edge) -> str | None:
        return self._outputs.get(node) or self._names.of(node)

    def _source(self, node: Node, i: int, argument: str) -> int | str:
        """The number of an argument's box, or what is known of a constant that has none."""
        parent = node.inputs[i]
        if parent is not None:
            return self._numbers[parent]
        value = None if node.saved is None else node.saved[i]
        if value is None:
            return "constant"  # no rule asks for its value
        if np.ndim(value) == 0:
            return number_label(value)
        array = np.asarray(value)
        key = memory_of(array)
        if key not in self._constants:
            shape = array_label(array.shape, array.dtype)
            # whole numbers say which or how many of something
            role = argument if array.dtype.kind in "iu" else "constant"
            title = self._names.of_constant(array) or role
            box = Box(Kind.CONSTANT, title, (shape,), f"{title}; {shape}; not tracked")
            self._constants[key] = self._add(box)
        return self._constants[key]
