"""From the graph to a picture of it: a box for each operation, leaf and constant array, found without recursion."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..graph import Edge, Leaf, Node, topological_order
from ..provenance import place
from .figures import Figures, Statistics
from .grouping import Groups, common_group
from .keeping import kept_values, saved_by
from .kinds import kind_of
from .labels import array_label, number_label, parameter_labels
from .measuring import Measurements
from .naming import Names, memory_of
from .picture import Arrow, Box, Kind, Picture
from .rules import rule_text

__all__ = ["read"]

# Operations that give the same whichever of their two arguments comes first
_COMMUTATIVE = {"add", "fmax", "fmin", "hypot", "logaddexp", "logaddexp2", "maximum", "minimum", "multiply"}

# What a primitive notes for its own rule, and no user ever sees
_NOTES = {"winners"}


def read(
    outputs: Mapping[Edge, str | None],
    names: Mapping[str, Any],
    inputs: Mapping[Edge, str],
    measured: Measurements,
    values: bool,
) -> Picture:
    """The picture of everything that the outputs depend on.

    Args:
        outputs: what is to be drawn, with the names of what has one; inputs: leaves that are arguments of a function.
        names: the user's.
        measured: what an observer noted.
        values: whether statistics of values are to be shown: those measured, else those of values still kept.
    """
    order = topological_order(outputs)
    reader = _Reader(outputs, Names(names, order), inputs, measured, order if values else None)
    for node in order:
        if isinstance(node, Leaf):
            reader.add_leaf(node)
        else:
            reader.add_operation(node)
    reader.number_steps(order)
    reader.place_leaves()
    return reader.picture


class _Reader:
    def __init__(
        self,
        outputs: Mapping[Edge, str | None],
        names: Names,
        inputs: Mapping[Edge, str],
        measured: Measurements,
        shown: list[Edge] | None,
    ) -> None:
        self.picture = Picture()
        self._outputs = outputs
        self._names = names
        self._inputs = inputs
        self._measured = measured
        self._values = shown is not None
        self._kept = {} if shown is None else kept_values(shown)
        self._groups = Groups(self.picture, names)
        self._numbers: dict[Edge, int] = {}
        self._constants: dict[Hashable, int] = {}
        self._kernels: dict[int, list[int]] = {}

    def add_leaf(self, leaf: Leaf) -> None:
        name = self._outputs.get(leaf) or self._inputs.get(leaf) or self._names.of(leaf) or "tensor"
        kind = Kind.INPUT if leaf in self._inputs else Kind.PARAMETER
        self._numbers[leaf] = self._add(
            Box(
                kind,
                name,
                array_label(leaf.shape, leaf.dtype),
                output=leaf in self._outputs,
                figures=self._figures(leaf),
            )
        )

    def add_operation(self, node: Node) -> None:
        """An operation with arrows from its arguments; arguments without a box of their own become lines in it."""
        primitive = node.primitive
        arrows: list[tuple[int, str]] = []
        lines: list[str] = []
        rules: list[tuple[str, str]] = []
        of_each = primitive.rules_of_each(len(node.inputs)) if primitive.variadic else primitive.rules
        for i, (parent, rule) in enumerate(zip(node.inputs, of_each, strict=False)):
            argument = f"arrays[{i}]" if primitive.variadic else primitive.arguments[i]
            source = self._source(node, i, argument)
            if isinstance(source, int):
                arrows.append((source, argument))
            elif source is not None:
                lines.append(f"{argument}={source}")
            if parent is not None and rule is not None:
                rules.append((argument, rule_text(rule)))
        name = self._outputs.get(node) or self._names.of(node)
        saves, saved = saved_by(node)
        box = Box(
            kind_of(primitive),
            f"{name} = {primitive.name}" if name else primitive.name,
            array_label(node.shape, node.dtype),
            (*lines, *parameter_labels(node)),
            place(node.code, node.instruction),
            self._groups.of(node.mode),
            output=node in self._outputs,
            ordered=len(arrows) > 1 and primitive.name not in _COMMUTATIVE,
            kernel=getattr(node, "kernel", ()),
            saves=saves,
            rules=tuple(rules),
            figures=self._figures(node, saved),
        )
        self._numbers[node] = target = self._add(box)
        self.picture.arrows += [Arrow(source, target, argument) for source, argument in arrows]
        if box.kernel:
            members = self._kernels.setdefault(id(node.kernel), [])
            if not members:
                self.picture.fused.append(members)
            members.append(target)

    def number_steps(self, order: list[Edge]) -> None:
        """In which order the walk visits: against time."""
        for step, node in enumerate(reversed(order), start=1):
            self.picture.boxes[self._numbers[node]].step = (step, step)

    def place_leaves(self) -> None:
        """Parameters and constants that are only used inside of one module belong to it; all else is from outside."""
        used: dict[int, list[int | None]] = defaultdict(list)
        boxes = self.picture.boxes
        inside = {self._numbers[node] for node in self._names.parameters if node in self._numbers}
        inside.update(number for number in self._constants.values() if boxes[number].kind is Kind.CONSTANT)
        for arrow in self.picture.arrows:
            if arrow.source in inside:
                used[arrow.source].append(boxes[arrow.target].group)
        for number, groups in used.items():
            boxes[number].group = common_group(self.picture, groups)

    def _add(self, box: Box) -> int:
        self.picture.boxes.append(box)
        return len(self.picture.boxes) - 1

    def _figures(self, node: Edge, saved: int = 0) -> Figures:
        measured = self._measured
        values = (measured.values.get(node.index) or self._statistics(node)) if self._values else None
        return Figures(
            values,
            measured.gradients.get(node.index),
            values is not None or not self._values,
            measured.forward.get(node.index),
            measured.backward.get(node.index),
            math.prod(node.shape) * node.dtype.itemsize,
            saved,
        )

    def _statistics(self, node: Edge) -> Statistics | None:
        """Those of values that the graph, or a tensor with a name, holds."""
        array = self._kept.get(node.index)
        if array is None and node in self._names.tensors:
            array = self._names.tensors[node].numpy()
        return None if array is None else Statistics.of(array)

    def _source(self, node: Node, i: int, argument: str) -> int | str | None:
        """The number of an argument's box, or what is known of a constant that has none; None for our own notes."""
        parent = node.inputs[i]
        if parent is not None:
            return self._numbers[parent]
        if argument in _NOTES:
            return None
        value = None if node.saved is None else node.saved[i]
        given = self._measured.arguments.get((node.index, i))
        if value is None:  # no rule asks for its value
            return "constant" if given is None else given
        if np.ndim(value) == 0:
            return number_label(value)
        array = np.asarray(value)
        key = memory_of(array)
        if key not in self._constants:
            self._constants[key] = self._add(self._constant(array, argument, given))
        return self._constants[key]

    def _constant(self, array: NDArray[Any], argument: str, given: str | None) -> Box:
        # whole numbers say which or how many of something
        role = argument if array.dtype.kind in "iu" else "constant"
        name = given or self._names.of_constant(array)
        figures = Figures(Statistics.of(array) if self._values else None, bytes=array.nbytes)
        kind = Kind.INPUT if name else Kind.CONSTANT
        return Box(kind, name or role, array_label(array.shape, array.dtype), figures=figures)
