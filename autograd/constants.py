"""NumPy itself on the values of tensors, where no gradient can be lost: none of them is tracked, or nothing has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .errors import DTypeError
from .tensor import Tensor, wrap
from .trees import leaves, mapped

__all__ = ["as_constant", "on_values", "plain", "tracked"]


def tracked(*arguments: Any) -> bool:
    """Whether a tensor in the arguments, or in a container among them, is tracked."""
    return any(isinstance(x, Tensor) and x.node is not None for x in leaves(arguments))


def plain(x: Any) -> Any:
    """The array of a tensor; anything else as it is."""
    return x.numpy() if isinstance(x, Tensor) else x


def on_values(function: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What NumPy makes of the values of tensors, in containers too: a constant."""
    return as_constant(function(*mapped(plain, args), **mapped(plain, options)))


def as_constant(result: Any) -> Any:
    """A result of NumPy's with tensors in the place of arrays, outside of any graph."""
    if not isinstance(result, (np.ndarray, np.generic)):
        return mapped(as_constant, result) if isinstance(result, (tuple, list, dict)) else result
    if result.dtype.kind in "biufc":
        return wrap(np.asarray(result), None)
    if result.dtype.hasobject:
        raise DTypeError("NumPy keeps these operands as Python objects; pass numbers or arrays")
    return result
