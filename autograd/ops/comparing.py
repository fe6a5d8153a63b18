"""Comparisons, predicates, positions and shapes: constants almost everywhere, so their results are never tracked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..constants import on_values, plain
from ..primitive import nondifferentiable
from ..tensor import Tensor

__all__ = [
    "all", "allclose", "any", "argmax", "argmin", "argpartition", "argsort", "argwhere", "array_equal",
    "array_equiv", "bitwise_and", "bitwise_count", "bitwise_invert", "bitwise_left_shift", "bitwise_not",
    "bitwise_or", "bitwise_right_shift", "bitwise_xor", "count_nonzero", "digitize", "equal", "flatnonzero", "gcd",
    "greater", "greater_equal", "invert", "isclose", "iscomplex", "isfinite", "isin", "isinf", "isnan", "isneginf",
    "isposinf", "isreal", "lcm", "left_shift", "less", "less_equal", "lexsort", "logical_and", "logical_not",
    "logical_or", "logical_xor", "nanargmax", "nanargmin", "ndim", "nonzero", "not_equal", "ones_like",
    "right_shift", "searchsorted", "shape", "signbit", "size", "zeros_like",
]  # fmt: skip


def constant(name: str) -> Any:
    """The operation of a function of NumPy whose result has no gradient."""
    function = getattr(np, name)

    def forward(*args: Any, **params: Any) -> Any:
        return function(*args, **params)

    forward.__name__ = forward.__qualname__ = name
    forward.__doc__ = f"np.{name}; the result is a constant."
    forward.__wrapped__ = function  # type: ignore[attr-defined]  # its signature
    return nondifferentiable(forward)


# comparisons
equal = constant("equal")
greater = constant("greater")
greater_equal = constant("greater_equal")
less = constant("less")
less_equal = constant("less_equal")
not_equal = constant("not_equal")
allclose = constant("allclose")
array_equal = constant("array_equal")
array_equiv = constant("array_equiv")
isclose = constant("isclose")
isin = constant("isin")
# predicates
all = constant("all")
any = constant("any")
iscomplex = constant("iscomplex")
isfinite = constant("isfinite")
isinf = constant("isinf")
isnan = constant("isnan")
isneginf = constant("isneginf")
isposinf = constant("isposinf")
isreal = constant("isreal")
signbit = constant("signbit")
# logic and bits
logical_and = constant("logical_and")
logical_not = constant("logical_not")
logical_or = constant("logical_or")
logical_xor = constant("logical_xor")
bitwise_and = constant("bitwise_and")
bitwise_count = constant("bitwise_count")
bitwise_or = constant("bitwise_or")
bitwise_xor = constant("bitwise_xor")
gcd = constant("gcd")
invert = constant("invert")
bitwise_invert = bitwise_not = invert
lcm = constant("lcm")
left_shift = constant("left_shift")
bitwise_left_shift = left_shift
right_shift = constant("right_shift")
bitwise_right_shift = right_shift
# positions
argmax = constant("argmax")
argmin = constant("argmin")
argpartition = constant("argpartition")
argsort = constant("argsort")
argwhere = constant("argwhere")
count_nonzero = constant("count_nonzero")
digitize = constant("digitize")
flatnonzero = constant("flatnonzero")
nanargmax = constant("nanargmax")
nanargmin = constant("nanargmin")
searchsorted = constant("searchsorted")
# constants like another array
ones_like = constant("ones_like")
zeros_like = constant("zeros_like")


def shape(x: Any) -> tuple[int, ...]:
    """The size of each axis."""
    return x.shape if isinstance(x, Tensor) else np.shape(x)


def ndim(x: Any) -> int:
    """The number of axes."""
    return x.ndim if isinstance(x, Tensor) else np.ndim(x)


def size(x: Any, axis: int | None = None) -> int:
    """The number of elements, in all or along an axis."""
    return np.size(plain(x), axis)


def nonzero(x: Any) -> tuple[Any, ...]:
    """The indices of the elements that are not zero, an integer array for each axis."""
    return np.nonzero(plain(x))


def lexsort(keys: Sequence[Any], axis: int = -1) -> Any:
    """The order of elements by several keys, the last of them first."""
    return on_values(np.lexsort, (keys, axis), {})
