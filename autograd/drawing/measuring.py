"""Measuring: an observer that notes what each operation and each rule took and gave, by the nodes' running numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..graph import Edge, Node
from ..observing import Observer
from ..primitive import Primitive
from ..tensor import Tensor
from .figures import Statistics

__all__ = ["Measurements"]


class Measurements(Observer):
    """What was noted of what is to be shown, for statistics cost more than many an operation.

    Attributes:
        values, gradients: statistics by node.
        forward, backward: seconds by node.
        given: by identity, the names of untracked tensors that the drawn function was given.
        walking: whether the walk from the outputs has begun; a drawn function may have walks of its own.
        arguments: by node and argument, the name of such a tensor.
    """

    def __init__(self, values: bool = False, gradients: bool = False, times: bool = False) -> None:
        self.values: dict[int, Statistics] = {}
        self.gradients: dict[int, Statistics] = {}
        self.forward: dict[int, float] = {}
        self.backward: dict[int, float] = defaultdict(float)
        self.walking = False
        self.given: dict[int, str] = {}
        self.arguments: dict[tuple[int, int], str] = {}
        self._wants_values = values
        self._wants_gradients = gradients
        self._wants_times = times

    def note(self, node: Edge, array: NDArray[Any]) -> None:
        """Look at values, if they are to be shown."""
        if self._wants_values:
            self.values[node.index] = Statistics.of(array)

    def operation(
        self, primitive: Primitive, args: Sequence[Any], params: dict[str, Any], result: Tensor, seconds: float | None
    ) -> None:
        node = result.node
        if node is None:
            return
        for i, x in enumerate(args):
            if isinstance(x, Tensor) and id(x) in self.given:
                self.arguments[node.index, i] = self.given[id(x)]
        if self._wants_times and seconds is not None:
            self.forward[node.index] = seconds
        if not hasattr(result, "_promise"):
            self.note(node, result.numpy())

    def computed(self, node: Node | None, array: NDArray[Any], seconds: float) -> None:
        if node is not None and self._wants_times:
            self.forward[node.index] = seconds
        if node is not None:
            self.note(node, array)

    def arrived(self, node: Edge, g: Any) -> None:
        if self.walking and self._wants_gradients:
            self.gradients[node.index] = Statistics.of(np.asarray(g))

    def pulled(self, node: Node, argument: int, g: Any, seconds: float) -> None:
        if self.walking and self._wants_times:
            self.backward[node.index] += seconds
