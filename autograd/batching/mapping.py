"""`vmap`, as in JAX."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import numpy as np

from ..errors import BatchError, ShapeError
from ..ops.shaping import moveaxis
from ..randomness import undrawn
from ..tensor import Tensor
from ..trees import children, described, paths, rebuilt
from .batched import Batched, Level, entered

__all__ = ["vmap"]


def vmap(function: Callable[..., Any], in_axes: Any = 0, out_axes: Any = 0) -> Callable[..., Any]:
    """`function` mapped over an axis of its arguments: what a loop over that axis, and a stack of its results, gives.

    Each operation in it runs once, for all examples. The function sees tensors with the shape of one example.

    Args:
        function: takes and returns trees of tensors.
        in_axes: the axis to map over, None for an argument that is the same for all examples; or a tuple of one for
            each positional argument, in which a tree of axes may stand for a tree of tensors. Keyword arguments are
            mapped over axis 0.
        out_axes: where the axis is to be in the results; or a tree of one for each. None for a result that is the same
            for all examples, and then comes without the axis.

    Derivatives go through: `vmap(grad(f))` has a gradient for each example, `grad` of a mapped function works, and
    calls nest. Operations whose batching is plain are known (elementwise, reductions, products, shapes, joins, indices
    that are the same for all examples, softmax and convolution of images); others raise.

    Raises:
        ShapeError: an argument has no such axis, axes of different sizes, nothing to map over.
        BatchError: an operation that is not known; a value that is asked for (`if`, `float(t)`, `t.numpy()`), random
            numbers drawn by `nn`, which would be the same for all examples.
    """

    @wraps(function, updated=())
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        arguments = _arguments(args, kwargs, in_axes)
        size = _size([leaf for _, found in arguments for leaf in found])
        with entered(size) as level, undrawn(BatchError(_DRAWN)):
            examples = [rebuilt(tree, [_example(level, x, axis) for _, x, axis in found]) for tree, found in arguments]
            result = function(*examples[: len(args)], **dict(zip(kwargs, examples[len(args) :], strict=True)))
        found = _spread(out_axes, result, "out_axes", "the result")
        return rebuilt(result, [_gathered(level, path, x, axis) for path, x, axis in found])

    return wrapped


_DRAWN = (
    "vmap: the function drew random numbers, which would be the same for all examples; draw them before, and pass them "
    "as an argument to map over"
)

Leaf = tuple[str, Any, int | None]
"""A path, what is there, and the axis to map it over."""


def _arguments(args: tuple[Any, ...], kwargs: dict[str, Any], in_axes: Any) -> list[tuple[Any, list[Leaf]]]:
    """Each argument, and its leaves."""
    axes = in_axes if isinstance(in_axes, tuple | list) else (in_axes,) * len(args)
    if len(axes) != len(args):
        raise ShapeError(f"vmap: in_axes has {len(axes)} entries for {len(args)} positional arguments")
    named = [(f"argument {i}", x, axis) for i, (x, axis) in enumerate(zip(args, axes, strict=True))]
    named += [(f"argument {name}", x, 0) for name, x in kwargs.items()]
    return [(x, list(_spread(axis, x, "in_axes", name))) for name, x, axis in named]


def _spread(axes: Any, tree: Any, what: str, name: str) -> Iterator[Leaf]:
    """The leaves of a tree; one axis may stand for all of them, or of a branch."""
    if axes is None or isinstance(axes, int):
        yield from ((path, leaf, axes) for path, leaf in paths(tree, name))
        return
    places, parts = children(axes), children(tree)
    if not places or parts is None or places.keys() != parts.keys():
        raise ShapeError(
            f"vmap: {what} must be an int, None or like {name}, which is {described(tree)}; got {described(axes)}"
        )
    for path, part in parts.items():
        yield from _spread(places[path], part, what, name + path)


def _size(found: list[Leaf]) -> int:
    """How many examples there are."""
    sizes: dict[str, int] = {}
    for path, x, axis in found:
        if axis is None:
            continue
        shape = x.shape if isinstance(x, Tensor) else np.shape(x)
        if not -len(shape) <= axis < len(shape):
            raise ShapeError(f"vmap: {path} has shape {shape}, no axis {axis}; in_axes=None keeps it as it is")
        sizes[path] = shape[axis]
    if not sizes:
        raise ShapeError("vmap: no argument to map over; in_axes is None for all, or they hold no tensors")
    if len(set(sizes.values())) > 1:
        each = ", ".join(f"{size} of {path}" for path, size in sizes.items())
        raise ShapeError(f"vmap: the axes to map over differ in size: {each}")
    return next(iter(sizes.values()))


def _example(level: Level, x: Any, axis: int | None) -> Any:
    """An argument as the function sees it."""
    if axis is None:
        return x
    x = x if isinstance(x, Tensor) else Tensor(x)
    return Batched(level, moveaxis(x, axis, 0) if axis else x)


def _gathered(level: Level, path: str, x: Any, axis: int | None) -> Any:
    """The results of all examples as one tensor."""
    if not isinstance(x, Tensor | np.ndarray | np.generic | int | float | complex):
        raise BatchError(f"vmap: {path} is {x!r:.60}; the function must return tensors, in trees if there are several")
    x = x if isinstance(x, Tensor) else Tensor(x)
    if axis is not None:
        y = level.payload_of(x)
        return moveaxis(y, 0, axis) if axis else y
    if isinstance(x, Batched) and x.level is level:
        raise BatchError(f"vmap: {path} differs between examples, so out_axes needs to say where their axis is to be")
    return x
