"""What a graph holds: the values that its nodes still keep, and what each keeps for the backward pass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..graph import Edge, Node
from .labels import bytes_label

__all__ = ["kept_values", "saved_by"]


def kept_values(order: Iterable[Edge]) -> dict[int, NDArray[Any]]:
    """By running number, the values of nodes and leaves that some rule will ask for, and which are therefore held."""
    kept: dict[int, NDArray[Any]] = {}
    for node in order:
        if not isinstance(node, Node):
            continue
        if node.output is not None:
            kept[node.index] = node.output
        for source, array in zip(node.inputs, node.saved or (), strict=False):
            if source is not None and isinstance(array, np.ndarray) and array.shape == source.shape:
                kept[source.index] = array
    return kept


def saved_by(node: Node) -> tuple[tuple[str, ...], int]:
    """What an operation keeps, `x1 (31.4 kB)`, and how many bytes that is: arrays that others keep too are counted."""
    primitive = node.primitive
    named = [
        (f"arrays[{i}]" if primitive.variadic else primitive.arguments[i], array)
        for i, array in enumerate(node.saved or ())
        if isinstance(array, np.ndarray)
    ]
    if node.output is not None:
        named.append(("its result", node.output))
    held = {id(array): array.nbytes for _, array in named}
    return tuple(f"{name} ({bytes_label(array.nbytes)})" for name, array in named), sum(held.values())
