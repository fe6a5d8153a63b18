"""The memory that a graph keeps for the backward pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds
from numpy.typing import NDArray

from ...autograd.graph import Node, topological_order
from ...autograd.tensor import Tensor

__all__ = ["kept_bytes"]


def kept_bytes(inputs: Sequence[Tensor], outputs: Sequence[Tensor], state: Iterable[Tensor]) -> int:
    """Bytes of all arrays that inputs, outputs and the graph behind them hold, without those of parameters and buffers.

    What shares memory counts once.
    """
    own = {id(_owner(tensor.numpy())) for tensor in state}
    held = [tensor.numpy() for tensor in (*inputs, *outputs)]
    for node in topological_order(tensor.node for tensor in outputs if tensor.node is not None):
        if isinstance(node, Node):
            held += [array for array in (*(node.saved or ()), node.output) if isinstance(array, np.ndarray)]
    spans: dict[int, tuple[int, int]] = {}
    for array in held:
        owner = id(_owner(array))
        if owner not in own and array.size:
            low, high = byte_bounds(array)
            first, last = spans.get(owner, (low, high))
            spans[owner] = min(low, first), max(high, last)
    return sum(high - low for low, high in spans.values())


def _owner(array: NDArray[Any]) -> NDArray[Any]:
    """The array whose memory this one is, or is a part of."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
