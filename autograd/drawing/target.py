"""`draw`: what can be drawn, and what is said where there is nothing to draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

from ..errors import GraphError
from ..graph import Edge
from ..tensor import Tensor
from .dot import dot_source
from .drawing import Drawing
from .reading import read

__all__ = ["draw"]

Direction = Literal["LR", "TB", "RL", "BT"]


def draw(
    target: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
    *,
    names: Mapping[str, Any] | None = None,
    direction: Direction = "TB",
) -> Drawing:
    """Draw the graph that tensors were computed by: a loss, or several outputs with one graph.

    Args:
        target: a tracked tensor, a sequence of them, or a dict, whose keys name the outputs.
        names: tensors by the names to show; `locals()` will do, as only tensors of the graph are looked for. Parameters
            of a module that was called, and tensors with a `name`, have theirs already.
        direction: the way that the graph grows: "LR" from left to right, "TB" from top to bottom, "RL", "BT".

    Returns:
        A drawing with `.source`, `.save("loss.svg")`, and a display of its own in notebooks.

    Raises:
        GraphError: the target is empty, or a tensor in it was not recorded.
        TypeError: the target, or a name, is something else.
        ValueError: an unknown direction.
    """
    if direction not in get_args(Direction):
        raise ValueError(f"draw: direction must be one of {', '.join(get_args(Direction))}, got {direction!r}")
    names = {} if names is None else names
    if not isinstance(names, Mapping) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"draw: names must be a dict of tensors by their names, got {names!r:.80}")
    outputs: dict[Edge, str | None] = {}
    for which, name, tensor in _tensors(target):
        if not isinstance(tensor, Tensor):
            raise TypeError(f"draw: expected a tensor, or a list, tuple or dict of tensors; {which} is {tensor!r:.80}")
        if tensor.node is None:
            raise GraphError(
                f"draw: {which} has no graph: no input has requires_grad=True, or it was computed under no_grad()"
            )
        tensor._frozen()  # a promised result is computed now, for then it is known what was fused
        outputs.setdefault(tensor.node, name)
    if not outputs:
        raise GraphError("draw: there is no tensor in the target")
    picture = read(outputs, names)
    return Drawing(dot_source(picture, direction), len(picture.boxes), len(picture.arrows))


def _tensors(target: Any) -> Iterator[tuple[str, str | None, Any]]:
    """Each tensor of a target: how an error calls it, and its name."""
    if isinstance(target, Mapping):
        for name, tensor in target.items():
            yield f"target[{name!r}]", str(name), tensor
    elif isinstance(target, (list, tuple)):
        for i, tensor in enumerate(target):
            yield f"target[{i}]", None, tensor
    else:
        yield "the target", None, target
