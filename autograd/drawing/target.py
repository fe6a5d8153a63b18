"""`draw`: what can be drawn, and what is said where there is nothing to draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

from ..errors import GraphError
from ..graph import Edge
from ..tensor import Tensor
from ..trees import paths
from .drawing import Drawing
from .folding import fold as folded
from .measuring import Measurements
from .reading import read
from .running import run, walk

__all__ = ["draw"]

Direction = Literal["LR", "TB", "RL", "BT"]


def draw(
    target: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | Callable[..., Any],
    *example: Any,
    names: Mapping[str, Any] | None = None,
    depth: int | None = None,
    fold: bool = True,
    direction: Direction = "TB",
    backward: bool = False,
    values: bool = False,
    gradients: bool = False,
    times: bool = False,
    memory: bool = False,
) -> Drawing:
    """Draw a graph: that of tensors, such as a loss, or that of a function or a module, which is run on an example.

    Args:
        target: a tracked tensor, a sequence of them, or a dict, whose keys name the outputs; or a function or a module.
        example: arguments for the function or module. Floating inputs of a function are tracked, as `grad` does.
        names: tensors by the names to show, also in containers and modules; `locals()` will do, as only tensors of the
            graph are looked for. Parameters of a module that was called, and tensors with a `name`, have theirs.
        depth: how many levels of modules are open, 0 for none; each module below is one box, as are those that do no
            more than one operation. By default all are open.
        fold: draw equal modules in sequence once, with their number.
        direction: the way that the graph grows: "LR" from left to right, "TB" from top to bottom, "RL", "BT".
        backward: draw the walk from the outputs to the leaves instead: the order of its visits, and the rules that run.
        values: show mean ± standard deviation, smallest and largest of the finite values, how many are NaN or Inf; of
            tensors, for those values that the graph still keeps.
        gradients: pull ones back from the outputs, and show the Euclidean norm of each gradient.
        times: show milliseconds of each operation, and of its rules, in one run after one to warm up; what one kernel
            computed is at the last of its operations. For functions and modules.
        memory: show what is kept for the backward pass.

    Returns:
        A drawing with `.save("loss.svg")`, `.text()`, `.source`, and a display of its own in notebooks. A drawn module
        is as before: its buffers, the gradients of its parameters, random generators.

    Raises:
        GraphError: the target is empty, a tensor in it was not recorded, or the graph was freed and gradients are asked
            for.
        TypeError: the target, or a name, is something else.
        ValueError: an unknown direction, a negative depth, times of tensors, which are computed already.
    """
    if direction not in get_args(Direction):
        raise ValueError(f"draw: direction must be one of {', '.join(get_args(Direction))}, got {direction!r}")
    if depth is not None and (not isinstance(depth, int) or depth < 0):
        raise ValueError(f"draw: depth must be None or a number of levels from 0 on, got {depth!r}")
    names = {} if names is None else names
    if not isinstance(names, Mapping) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"draw: names must be a dict of tensors by their names, got {names!r:.80}")
    inputs: dict[Edge, str] = {}
    measured = Measurements(values, gradients, times)
    if callable(target) and not isinstance(target, Tensor):
        if times:  # compiled kernels are loaded, memory is at hand
            warm = _outputs(_tracked(run(target, example, Measurements()).result))
            walk([tensor for _, tensor in warm.values()], Measurements())
        ran = run(target, example, measured)
        target, inputs = _tracked(ran.result), ran.inputs
    elif example:
        raise TypeError(f"draw: an example is for a function or a module, and the target is {target!r:.80}")
    elif times:
        raise ValueError("draw: times are measured while a function runs: draw(function, *example, times=True)")
    outputs = _outputs(target)
    tensors = [tensor for _, tensor in outputs.values()]
    if gradients or times:
        walk(tensors, measured)
    picture = read({node: name for node, (name, _) in outputs.items()}, names, inputs, measured, values)
    if gradients and any(tensor.size != 1 for tensor in tensors):
        picture.notes.append("Gradients are those of the sum of the outputs.")
    if times:
        picture.notes.append("Milliseconds forward + backward, of one run.")
    return Drawing(folded(picture) if fold else picture, direction, depth, backward, memory)


def _tracked(result: Any) -> Any:
    """What of a function's result is in the graph, by name if that has names; all of it, if nothing is."""
    found = {path: x for path, x in paths(result) if isinstance(x, Tensor) and x.node is not None}
    if not found:
        return result
    named = isinstance(result, Mapping) or hasattr(result, "_fields")
    return {path.strip("[].'"): x for path, x in found.items()} if named else [*found.values()]


def _outputs(target: Any) -> dict[Edge, tuple[str | None, Tensor]]:
    """The tensors of a target by their places in the graph, with their names."""
    found: dict[Edge, tuple[str | None, Tensor]] = {}
    for which, name, tensor in _tensors(target):
        if not isinstance(tensor, Tensor):
            raise TypeError(
                "draw: expected a tensor, a list, tuple or dict of tensors, or a function or module; "
                f"{which} is {tensor!r:.80}"
            )
        if tensor.node is None:
            raise GraphError(
                f"draw: {which} has no graph: no input has requires_grad=True, or it was computed under no_grad()"
            )
        tensor._frozen()  # a promised result is computed now, for then it is known what was fused
        found.setdefault(tensor.node, (name, tensor))
    if not found:
        raise GraphError("draw: there is no tensor in the target")
    return found


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
