"""detect_anomaly: the first NaN or Inf is an error, where it is born, forward or backward."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import CodeType
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from ..diagnosis import argument_names, tensor_name
from ..errors import AnomalyError
from ..graph import Edge, Leaf, Node
from ..mode import Mode, current_mode
from ..observing import Observer, observing
from ..provenance import place, user_frame
from ..tensor import Tensor
from .places import leaf_name, step, whereabouts
from .statistics import counted, described

if TYPE_CHECKING:
    from ..primitive import Primitive

__all__ = ["detect_anomaly"]

_LONG = 8
"""Steps of a path that are told; of a longer one, the ends."""

_MASKING = {"where", "add"}
"""Operations by which -inf comes into scores, before a softmax makes 0 of it."""


@contextmanager
def detect_anomaly(*, inf: bool = True) -> Iterator[None]:
    """Within it, and in this thread, the first NaN or infinite number raises, forward or backward.

    The error names the operation and the line of your program that called it, describes what it was given, and tells
    the way there: back to the first bad value that is still at hand, or from the loss to the rule that gave it.

    Args:
        inf: whether an infinity is an anomaly, too. A mask is none, -inf by `where` or by adding a constant, as in
            attention; a program that does more with infinities says False.

    Raises:
        AnomalyError: from the operation, or from `backward`; no gradient is added to any leaf then.
    """
    watch = _Watch(np.isfinite if inf else lambda array: ~np.isnan(array))
    with observing(watch), np.errstate(divide="ignore", over="ignore", invalid="ignore"):  # we tell more than NumPy
        yield


class _Watch(Observer):
    def __init__(self, good: Callable[[Any], Any]) -> None:
        self._good = good
        self._incoming: Any = None  # what arrived at the node that the walk is at
        self._from: dict[int, tuple[int, str, CodeType, int]] = {}  # by node: which one its gradient came from

    def operation(
        self, primitive: Primitive, args: Sequence[Any], params: dict[str, Any], result: Tensor, seconds: float | None
    ) -> None:
        given = {i: x for i, x in enumerate(args) if not _promised(x)}
        if _promised(result):  # to be computed with others: what it is given can be told here alone
            if not any(self._bad(_array(x)) for x in given.values()):
                return
            what = "was given bad numbers"
        else:
            y = result._values
            if not self._bad(y) or _masked(primitive, y, args):
                return
            what = f"gave {counted(y)}"
            if seconds is None:  # a write in place: what was written to is the result already
                given.pop(0, None)
        frame, mode = user_frame(), current_mode()
        names = argument_names(primitive, tuple(args))
        named = {tensor_name(x) or names[i]: x for i, x in given.items()}
        lines = [f"{primitive.name} {what}, {whereabouts(frame.f_code, frame.f_lasti, mode)}"]
        lines += [f"  {name}: {described(_array(x))}" for name, x in named.items()]
        bad = {name: x for name, x in named.items() if self._bad(_array(x))}
        for name, x in bad.items():
            lines.append(f"  {name} was bad before: {self._origin(x, mode)}")
        if not bad:
            lines.append("  What it was given is finite: this is where it was born.")
            for name, x in named.items():
                lines += _way(f"  {name} comes from ", x.node if isinstance(x, Tensor) else None, mode)
        raise AnomalyError("\n".join(lines))

    def computed(self, node: Node | None, array: Any, seconds: float) -> None:
        if not self._bad(array):
            return
        if node is None:
            frame = user_frame()
            where = whereabouts(frame.f_code, frame.f_lasti, current_mode())
            raise AnomalyError(
                f"a convolution or what joined it gave {counted(array)}; it was needed by what was {where}"
            )
        names = " + ".join(getattr(node, "kernel", (node.primitive.name,)))
        lines = [f"{names} gave {counted(array)}, {whereabouts(node.code, node.instruction, node.mode)}"]
        source: Edge | None = node
        while isinstance(source, Node) and (source is node or hasattr(source, "kernel")):
            lines += [f"  {name}: {described(x)}" for name, x in _saved(source) if name == "x" and x is not array]
            source = source.inputs[0]
        lines.append("  What it was given is finite, unless it was called before detect_anomaly().")
        raise AnomalyError("\n".join([*lines, *_way("  It comes from ", node, node.mode)]))

    def arrived(self, node: Edge, g: Any) -> None:
        first = node.index not in self._from
        if first:
            self._from.clear()
        self._incoming = g = _array(g)
        if self._bad(g):
            what = f"the result of {step(node)}" if isinstance(node, Node) else f"{node.name or 'a leaf'} {node.shape}"
            why = "a hook gave it" if node.hooks else "the walk began with it" if first else "its parts were finite"
            self._raise_backward(node, f"the gradient that arrives at {what} has {counted(g)}: {why}")

    def pulled(self, node: Node, argument: int, g: Any, seconds: float) -> None:
        parent = node.inputs[argument]
        assert parent is not None
        self._from[parent.index] = node.index, node.primitive.name, node.code, node.instruction
        if self._bad(_array(g)):
            primitive = node.primitive
            name = f"arrays[{argument}]" if primitive.variadic else primitive.arguments[argument]
            lines = [
                f"the derivative of {primitive.name} with respect to {name} gave {counted(_array(g))}, "
                + whereabouts(node.code, node.instruction, node.mode),
                f"  incoming gradient: {described(self._incoming)}",
            ]
            lines += [f"  {name}: {described(x)}" for name, x in _saved(node)]
            self._raise_backward(node, "\n".join(lines))

    def _raise_backward(self, node: Edge, message: str) -> NoReturn:
        steps = []
        index = node.index
        while index in self._from:
            index, name, code, instruction = self._from[index]
            steps.append(f"{name} at {place(code, instruction)}")
        way = f"\n  Its gradient came from {' <- '.join(_shortened(steps))}" if steps else ""
        raise AnomalyError(message + way)

    def _bad(self, array: Any) -> bool:
        """Whether there is a bad number: a sum tells, in one pass and without memory, if there is none."""
        if array.dtype.kind not in "fc":
            return False
        return not np.isfinite(array.sum()) and not self._good(array).all()

    def _origin(self, x: Any, mode: Mode) -> str:
        """Where a bad argument comes from, as far back as values are at hand."""
        if not isinstance(x, Tensor) or x.node is None:
            return "it is a constant"
        node = x.node
        while isinstance(node, Node):
            earlier = [
                parent
                for parent, array in zip(node.inputs, node.saved or (), strict=False)
                if parent is not None and isinstance(array, np.ndarray) and self._bad(array)
            ]
            if not earlier:
                outside = "" if node.primitive.name in _MASKING else ", outside of detect_anomaly()"
                return f"it comes from {step(node)}{outside}"
            node = earlier[0]
        return "it is a leaf" if x.node is node else f"it comes from {leaf_name(node, mode)}"


def _promised(x: Any) -> bool:
    return getattr(x, "_promise", None) is not None


def _masked(primitive: Primitive, y: Any, args: Sequence[Any]) -> bool:
    """Whether all that is bad is -inf, and `where` chose it or the addition of a constant brought it in."""
    if primitive.name not in _MASKING or y.dtype.kind != "f" or not (y < np.inf).all():
        return False
    masks = [x for x in args if primitive.name == "where" or getattr(x, "node", None) is None]
    return any((_array(x) == -np.inf).any() for x in masks)


def _array(x: Any) -> Any:
    return x._values if isinstance(x, Tensor) else np.asarray(x)


def _saved(node: Node) -> list[tuple[str, Any]]:
    """The arrays that a node has kept, with the names of its arguments."""
    names = node.primitive.arguments or tuple(f"arrays[{i}]" for i in range(len(node.inputs)))
    kept = [(name, x) for name, x in zip(names, node.saved or (), strict=False) if isinstance(x, np.ndarray)]
    return kept if node.output is None else [*kept, ("result", node.output)]


def _way(begin: str, node: Edge | None, mode: Mode) -> list[str]:
    """The way to a node, through first inputs."""
    nodes = []
    while isinstance(node, Node):
        nodes.append(node)
        node = next((parent for parent in node.inputs if parent is not None), None)
    steps = [each if isinstance(each, str) else step(each) for each in _shortened(nodes)]
    if steps and isinstance(node, Leaf):
        steps.append(leaf_name(node, mode))
    return [begin + " <- ".join(steps)] if steps else []


def _shortened(steps: list[Any]) -> list[Any]:
    half = _LONG // 2
    return steps if len(steps) <= _LONG else [*steps[:half], f"... {len(steps) - _LONG} more ...", *steps[-half:]]
