"""lint: what is probably wrong with a model, seen in one loss and its gradients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import GraphError
from ..graph import Leaf, topological_order
from ..observing import observing
from ..reverse import pullback
from ..tensor import Tensor, wrap
from .checks import CHECKS, Evidence, Finding, Passed

__all__ = ["Report", "lint"]


@dataclass(frozen=True)
class Report:
    """What `lint` found; false, and of length 0, if that is nothing."""

    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings)) or "nothing found"


def lint(loss: Tensor, model: Any = None) -> Report:
    """Look for mistakes in the graph of a loss: `print(lint(loss, model))`, once, on a batch of real data.

    It reports parameters without a path to the loss, constants that look like forgotten parameters, units of relu that
    no sample activates, saturated units, gradients that vanish, explode or are not finite, float64 where the inputs
    are float32, and broadcasts of (n,) against (n, 1). The graph is walked once and kept; no gradient is added to any
    tensor.

    Args:
        loss: a recorded scalar.
        model: the module, for names, and for what should be in the graph and is not.

    Raises:
        TypeError: the loss is no tensor.
        GraphError: nothing was recorded, the graph was freed, or the loss is not a scalar.
    """
    if not isinstance(loss, Tensor):
        raise TypeError(f"lint: expected a loss, which is a tensor, got {type(loss).__name__}; write lint(loss, model)")
    if loss.node is None:
        raise GraphError(
            "lint: this loss is not tracked: no input has requires_grad=True, or it was computed under no_grad(). "
            "Nothing leads from it to any parameter"
        )
    order = topological_order([loss.node])
    leaves = {
        node: wrap(np.broadcast_to(np.zeros((), node.dtype), node.shape), node)
        for node in order
        if isinstance(node, Leaf)
    }
    names = {} if model is None else {tensor.node: name for name, tensor in model.named_parameters()}
    passed = Passed()
    with observing(passed):
        gradients = pullback([loss], list(leaves.values()), retain_graph=True)
    evidence = Evidence(
        order=order,
        gradients=dict(zip(leaves, (g.numpy() for g in gradients), strict=True)),
        passed=passed,
        names={leaf: names.get(leaf) or leaf.name or f"an unnamed leaf {leaf.shape}" for leaf in leaves},
        model=model,
    )
    return Report(tuple(finding for check in CHECKS for finding in check(evidence)))
