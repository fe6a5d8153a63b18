"""Comparisons, predicates, positions and shapes: constants almost everywhere, so their results are never tracked."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import nondifferentiable
from ..tensor import Tensor

__all__ = [
    "all", "allclose", "any", "argmax", "argmin", "argsort", "array_equal", "bitwise_and", "bitwise_or", "bitwise_xor",
    "count_nonzero", "equal", "greater", "greater_equal", "invert", "isclose", "isfinite", "isinf", "isnan", "less",
    "less_equal", "logical_and", "logical_not", "logical_or", "logical_xor", "ndim", "nonzero", "not_equal",
    "ones_like", "shape", "signbit", "size", "zeros_like",
]  # fmt: skip


def _constant(name: str) -> Any:
    function = getattr(np, name)

    def forward(*args: Any, **params: Any) -> Any:
        return function(*args, **params)

    forward.__name__ = forward.__qualname__ = name
    forward.__doc__ = f"np.{name}; the result is a constant."
    return nondifferentiable(forward)


all = _constant("all")
allclose = _constant("allclose")
any = _constant("any")
argmax = _constant("argmax")
argmin = _constant("argmin")
argsort = _constant("argsort")
array_equal = _constant("array_equal")
bitwise_and = _constant("bitwise_and")
bitwise_or = _constant("bitwise_or")
bitwise_xor = _constant("bitwise_xor")
count_nonzero = _constant("count_nonzero")
equal = _constant("equal")
greater = _constant("greater")
greater_equal = _constant("greater_equal")
invert = _constant("invert")
isclose = _constant("isclose")
isfinite = _constant("isfinite")
isinf = _constant("isinf")
isnan = _constant("isnan")
less = _constant("less")
less_equal = _constant("less_equal")
logical_and = _constant("logical_and")
logical_not = _constant("logical_not")
logical_or = _constant("logical_or")
logical_xor = _constant("logical_xor")
not_equal = _constant("not_equal")
ones_like = _constant("ones_like")
signbit = _constant("signbit")
zeros_like = _constant("zeros_like")


def shape(x: Any) -> tuple[int, ...]:
    """The size of each axis."""
    return x.shape if isinstance(x, Tensor) else np.shape(x)


def ndim(x: Any) -> int:
    """The number of axes."""
    return x.ndim if isinstance(x, Tensor) else np.ndim(x)


def size(x: Any, axis: int | None = None) -> int:
    """The number of elements, in all or along an axis."""
    return np.size(x.numpy() if isinstance(x, Tensor) else x, axis)


def nonzero(x: Any) -> tuple[Any, ...]:
    """The indices of the elements that are not zero, an integer array for each axis."""
    return np.nonzero(x.numpy() if isinstance(x, Tensor) else x)
