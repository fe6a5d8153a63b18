"""Running a function or a module to draw it: on inputs of its own, under observation, leaving no trace."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..graph import Edge, topological_order
from ..mode import enable_grad
from ..observing import observing
from ..randomness import restored, state
from ..reverse import pullback
from ..tensor import Tensor, wrap
from ..trees import paths, rebuilt
from .measuring import Measurements

__all__ = ["Run", "run", "walk"]


@dataclass(frozen=True, slots=True)
class Run:
    """What a run gave: its result, and the leaves that were its arguments."""

    result: Any
    inputs: dict[Edge, str]


def run(function: Callable[..., Any], example: Sequence[Any], measured: Measurements) -> Run:
    """Run a function on an example, of which floating arrays are tracked, as `grad` tracks them."""
    names = _argument_names(function, len(example))
    inputs: dict[Edge, str] = {}
    arguments = []
    for name, tree in zip(names, example, strict=True):
        mine = []
        for path, value in paths(tree, name):
            array = isinstance(value, (Tensor, np.ndarray))
            x = _input(value) if array else value
            if isinstance(x, Tensor):
                measured.given[id(x)] = path
                if x.node is not None and x is not value:
                    inputs[x.node] = path
                    measured.note(x.node, x.numpy())
            mine.append(x)
        arguments.append(rebuilt(tree, mine))
    with _left_alone(function), enable_grad(), observing(measured):
        result = function(*arguments)
        for _, output in paths(result):
            if isinstance(output, Tensor):
                output._frozen()  # a promise is part of the run
    return Run(result, inputs)


def walk(outputs: Sequence[Tensor], measured: Measurements) -> None:
    """Pull ones back from the outputs, under observation; nothing arrives in any `.grad`.

    Raises:
        GraphError: an output has no gradient to pull back, or the graph was freed.
    """
    leaves = [node for node in topological_order(x.node for x in outputs if x.node) if not node.inputs]
    ones = [np.ones(x.shape, x.dtype) for x in outputs]
    measured.walking = True
    with observing(measured):
        pullback(outputs, [_standing_for(leaf) for leaf in leaves], ones, retain_graph=True)


def _standing_for(leaf: Edge) -> Tensor:
    return wrap(np.broadcast_to(np.zeros((), leaf.dtype), leaf.shape), leaf)


def _input(value: Any) -> Tensor:
    floating = value.dtype.kind in "fc"
    if isinstance(value, Tensor):
        if value.node is not None or not floating:
            return value
        value = value.numpy()
    return Tensor(value, requires_grad=floating)


def _argument_names(function: Callable[..., Any], count: int) -> list[str]:
    """What a function calls its first arguments."""
    try:
        parameters = [*inspect.signature(getattr(function, "forward", function)).parameters.values()]
    except (TypeError, ValueError):  # some built-in functions have none
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "argument")
    return [*names[:count], *(f"{rest}[{i}]" for i in range(count - len(names)))]


@contextmanager
def _left_alone(function: Callable[..., Any]) -> Iterator[None]:
    """Afterwards buffers of a module, such as running means, and random generators are as before."""
    buffers = [buffer for _, buffer in getattr(function, "named_buffers", lambda: ())()]
    before = [buffer.numpy() for buffer in buffers]  # a later write does not change what was handed out
    try:
        with restored(state()):
            yield
    finally:
        for buffer, array in zip(buffers, before, strict=True):
            if buffer.numpy() is not array:
                buffer.data = array
