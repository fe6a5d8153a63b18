"""Reverse mode: the walk from outputs to inputs, and nothing else.

The walk goes through the graph against time, with the cotangents that are not final yet in a table of its own. It calls
rules with plain arrays, or, when the gradient is itself to be differentiated, with tensors.

Complex numbers: rules are complex-linear, `gx = g * f'(x)`, as a textbook writes them. The gradient that a user sees is
the conjugate of the cotangent, `dL/dRe(x) + i dL/dIm(x)`: the direction of steepest ascent of a real loss L.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from .broadcasting import sum_to
from .cotangents import hooked, seed_of, settled, shown
from .errors import GraphError, ShapeError
from .graph import Edge, Leaf, Node, topological_order
from .mode import current_mode, enable_grad
from .observing import tell, watched_rules
from .provenance import place
from .tensor import Tensor, wrap

__all__ = ["backward", "pullback"]


def backward(
    output: Tensor, gradient: Any = None, retain_graph: bool | None = None, create_graph: bool = False
) -> None:
    """Add to the `.grad` of every leaf the gradient of this tensor with respect to it.

    Args:
        gradient: the cotangent of this tensor, of its shape and dtype; may be left out for a real scalar.
        retain_graph: keep the graph for another walk; by default only if `create_graph`.
        create_graph: record the walk, so that the gradients can be differentiated again.

    Raises:
        GraphError: nothing was recorded, the graph was freed, or `gradient` is missing for a non-scalar.
        ShapeError, DTypeError: `gradient` has another shape or dtype.
    """
    if output.node is None:
        raise GraphError(
            "backward: this tensor is not tracked: no input has requires_grad=True, or it was computed under no_grad()"
        )
    seeds = {output.node: seed_of(output, gradient, create_graph)}
    arrived = _walk(seeds, None, create_graph if retain_graph is None else retain_graph, create_graph)
    for leaf, g in arrived.items():
        previous = leaf.grad
        if previous is not None:
            g = (previous if create_graph else previous.numpy()) + g
        leaf.grad = settled(g)


def pullback(
    outputs: Sequence[Tensor],
    inputs: Sequence[Tensor],
    cotangents: Sequence[Any] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
) -> tuple[Tensor, ...]:
    """The gradients of the outputs with respect to the inputs, zero for an input that they do not depend on.

    Nothing is accumulated in `.grad`. Arguments and errors are those of `backward`.
    """
    if cotangents is None:
        cotangents = [None] * len(outputs)
    for x in inputs:
        if x.node is None:
            raise GraphError("pullback: an input is not tracked; make it with requires_grad=True")
    seeds: dict[Edge, Any] = {}
    for output, cotangent in zip(outputs, cotangents, strict=True):
        g = seed_of(output, cotangent, create_graph)
        if output.node is not None:
            seeds[output.node] = seeds[output.node] + g if output.node in seeds else g
    wanted = {x.node for x in inputs if x.node is not None}
    arrived = _walk(seeds, wanted, create_graph if retain_graph is None else retain_graph, create_graph)
    gradients = []
    for x in inputs:
        g = arrived.get(x.node)
        if g is None:
            g = np.zeros(x.shape, x.dtype)
        gradients.append(settled(g))
    return tuple(gradients)


def _walk(
    seeds: dict[Edge, Any], wanted: Collection[Edge] | None, retain_graph: bool, create_graph: bool
) -> dict[Any, Any]:
    """The cotangents that arrive at the wanted nodes, or at all leaves."""
    order = topological_order(seeds)
    if wanted is not None:
        order = _leading_to(wanted, order)
    for node in order:
        if node.saved is None:
            raise _freed(node)
    if create_graph:
        with enable_grad():
            return _visit(order, seeds, wanted, retain_graph, _lifted)
    return _visit(order, seeds, wanted, retain_graph, None)


def _visit(
    order: list[Edge], seeds: dict[Edge, Any], wanted: Collection[Edge] | None, retain: bool, lift: Any
) -> dict[Any, Any]:
    needed = None if wanted is None else set(order)
    pending = dict(seeds)
    arrived: dict[Edge, Any] = {}
    pop = pending.pop
    observers = current_mode().observers
    while order:
        node = order.pop()
        g = pop(node, None)
        if g is None:
            continue
        if node.hooks:
            g = hooked(node, g)
        if observers is not None:
            tell(observers, "arrived", node, g)
        if isinstance(node, Leaf):
            arrived[node] = shown(node, g)
            continue
        if wanted is not None and node in wanted:
            arrived[node] = shown(node, g)
        primitive = node.primitive
        saved: Any
        saved, y = (node.saved, node.output) if lift is None else lift(node)
        if y is None:
            y = node
        params = node.params
        try:
            rules: Sequence[Any] = primitive.rules_of_each(len(node.inputs)) if primitive.variadic else primitive.rules
            if observers is not None:
                rules = watched_rules(observers, node, rules)
            i = -1
            for parent in node.inputs:
                i += 1  # by hand: zip or enumerate would take a tenth of the walk's time
                rule = rules[i]
                if parent is None or rule is None or (needed is not None and parent not in needed):
                    continue
                gx = rule(g, y, *saved, **params)
                if gx.shape != parent.shape or gx.dtype is not parent.dtype:
                    gx = _fitted(gx, parent, node)
                previous = pending.get(parent)
                pending[parent] = gx if previous is None else previous + gx
        except Exception as error:
            error.add_note(f"in the derivative of {primitive.name}, called at {place(node.code, node.instruction)}")
            raise
        if not retain:
            node.saved = node.output = None
    return arrived


def _leading_to(wanted: Collection[Edge], order: list[Edge]) -> list[Edge]:
    """The part of a topological order through which a wanted node is reached."""
    reached = set(wanted)
    for node in order:
        if any(parent in reached for parent in node.inputs):
            reached.add(node)
    return [node for node in order if node in reached]


def _lifted(node: Node) -> tuple[tuple[Any, ...], Any]:
    """What a node saved, as tensors that are in the graph."""
    saved = tuple(
        wrap(array, source) if source is not None and isinstance(array, np.ndarray) else array
        for array, source in zip(node.saved or (), node.inputs, strict=False)
    )
    return saved, None if node.output is None else wrap(node.output, node)


def _fitted(gx: Any, parent: Edge, node: Node) -> Any:
    """A gradient in the shape and dtype of its input."""
    if gx.shape != parent.shape:
        if not node.primitive.elementwise:
            raise ShapeError(
                f"the rule of {node.primitive.name} gave a gradient of shape {gx.shape} to an input of shape "
                f"{parent.shape}"
            )
        gx = sum_to(gx, parent.shape)
    if gx.dtype != parent.dtype:
        if gx.dtype.kind == "c" and parent.dtype.kind == "f":
            gx = gx.real
        gx = gx.astype(parent.dtype)
    return gx


def _freed(node: Edge) -> GraphError:
    assert isinstance(node, Node)
    return GraphError(
        f"backward: the graph was freed by an earlier backward() (at {node.primitive.name}, called at "
        f"{place(node.code, node.instruction)}); pass retain_graph=True to the earlier one"
    )
