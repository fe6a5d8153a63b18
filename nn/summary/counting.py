"""What an operation costs, by the shapes that it ran on.

Products (convolutions, matrix products, einsum) cost multiply-adds: one for each number that is multiplied and added to
a result, also where a kernel reaches into padding; their biases cost nothing more. Any other operation costs one for
each number of its result or of its largest argument, whichever are more; those that only move numbers cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from ...autograd.primitive import Primitive

__all__ = ["multiply_adds", "other_operations"]

Shape = tuple[int, ...]

_OURS = __name__.partition(".")[0] + "."


def multiply_adds(primitive: Primitive, args: Sequence[Any], params: dict[str, Any], result: Shape) -> int:
    """Of one call of a primitive."""
    count = _PRODUCTS.get(_name(primitive))
    return 0 if count is None else count(result, *map(_shape, args), **params)


def other_operations(primitive: Primitive, args: Sequence[Any], result: Shape) -> int:
    """Of one call of a primitive that is no product."""
    if (name := _name(primitive)) in _PRODUCTS or name in _MOVES:
        return 0
    return max(prod(shape) for shape in (result, *map(_shape, args)))


def _name(primitive: Primitive) -> str:
    """Its name if it is one of ours; a user's may have the same."""
    return primitive.name if getattr(primitive.forward, "__module__", "").startswith(_OURS) else ""


def _shape(x: Any) -> Shape:
    return x.shape if hasattr(x, "shape") else np.shape(x)


def _matmul(_y: Shape, x1: Shape, x2: Shape) -> int:
    return prod(_y) * x1[-1]


def _linear(y: Shape, _x: Shape, weight: Shape, _bias: Shape = ()) -> int:
    return prod(y) * weight[1]


def _convolution(y: Shape, _x: Shape, weight: Shape, _bias: Shape = (), geometry: Any = None) -> int:
    return prod(y) * prod(weight[1:])  # weight (O, C / groups, *kernel)


def _transposed_convolution(_y: Shape, x: Shape, weight: Shape, spatial: Any, geometry: Any) -> int:
    return prod(x) * prod(weight[1:])  # weight (C, O / groups, *kernel)


def _weight_gradient(y: Shape, _x: Shape, g: Shape, kernel: Any, geometry: Any) -> int:
    return prod(g) * prod(y[1:])


def _einsum(_y: Shape, *arrays: Shape, terms: Sequence[str], output: str, optimize: Any) -> int:
    """Over the steps in which np.einsum multiplies: of each, all indices that take part."""
    operands = [np.broadcast_to(0.0, shape) for shape in arrays]  # no memory
    steps = np.einsum_path(",".join(terms) + "->" + output, *operands, optimize=optimize or False)[0][1:]
    sizes: dict[str, int] = {}
    for letter, size in zip("".join(terms), (size for shape in arrays for size in shape), strict=True):
        sizes[letter] = size if sizes.get(letter, 1) == 1 else sizes[letter]  # 1 broadcasts
    left, total = list(terms), 0
    for step in steps:
        taken = [left[i] for i in step]
        left = [term for i, term in enumerate(left) if i not in step]
        letters = set().union(*taken)
        total += prod(sizes[letter] for letter in letters) * max(len(taken) - 1, 0)
        left.append("".join(letters & set().union(output, *left)))
    return total


_PRODUCTS: dict[str, Callable[..., int]] = {
    "matmul": _matmul,
    "linear": _linear,
    "linear_without_bias": _linear,
    "convolution": _convolution,
    "convolution_without_bias": _convolution,
    "transposed_convolution": _transposed_convolution,
    "weight_gradient": _weight_gradient,
    "einsum": _einsum,
}

_MOVES = {
    "broadcast_to", "concatenate", "converted", "copy", "getitem", "padded", "positive", "reshape", "scatter_add",
    "transpose", "unfold", "written",
}  # fmt: skip
