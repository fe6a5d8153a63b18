"""The walk, for tensors that may be batches: each example has a gradient of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..ops.joining import stack
from ..reverse import pullback
from ..tensor import Tensor
from .batched import Batched, Level

__all__ = ["pulled"]


def pulled(
    outputs: Sequence[Tensor],
    inputs: Sequence[Tensor],
    cotangents: Sequence[Any],
    retain_graph: bool | None = None,
    create_graph: bool = False,
) -> Sequence[Tensor]:
    """`pullback`, which it is unless some of these are batches.

    Examples do not depend on each other's inputs, so the gradient of all results by a batch of inputs is, for each
    example, the gradient of its own result.
    """
    batches = [x for x in (*outputs, *inputs, *cotangents) if isinstance(x, Batched)]
    if not batches:
        return pullback(outputs, inputs, cotangents, retain_graph, create_graph)
    level = max((x.level for x in batches), key=lambda level: level.depth)
    if all(isinstance(x, Batched) and x.level is level for x in inputs):
        payloads = [level.payload_of(y) for y in outputs]
        seeds = [level.payload_of(g if isinstance(g, Tensor) else Tensor(g)) for g in cotangents]
        found = pulled(payloads, [x.payload for x in inputs], seeds, retain_graph, create_graph)  # type: ignore[attr-defined]
        return [Batched(level, g) for g in found]
    return _one_by_one(level, outputs, inputs, cotangents, create_graph)


def _one_by_one(
    level: Level, outputs: Sequence[Tensor], inputs: Sequence[Tensor], cotangents: Sequence[Any], create_graph: bool
) -> Sequence[Tensor]:
    """Cotangents differ alone: a walk for each of them through the one graph."""
    seeds = [
        level.payload_of(g) if isinstance(g, Batched) and g.level is level else [g] * level.size for g in cotangents
    ]
    rows = [pulled(outputs, inputs, [seed[i] for seed in seeds], True, create_graph) for i in range(level.size)]
    if not rows:
        return [Batched(level, Tensor(np.zeros((0, *x.shape), x.dtype))) for x in inputs]
    return [Batched(level, stack(gradients)) for gradients in zip(*rows, strict=True)]
