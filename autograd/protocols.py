"""NumPy's own functions on tensors: `np.sin(t)` is our `sin`, and what we lack raises instead of losing the graph."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import numpy as np

from .errors import MissingRuleError
from .ops import FAMILIES
from .tensor import Tensor

__all__ = ["OPERATIONS", "bind"]

OPERATIONS: dict[Any, Callable[..., Any]] = {
    getattr(np, name): getattr(family, name)
    for family in FAMILIES
    for name in family.__all__
    if callable(getattr(np, name, None))
}
"""Our operation for each function of NumPy that has one."""


def _array_ufunc(self: Tensor, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **kwargs: Any) -> Any:
    operation = OPERATIONS.get(ufunc)
    if operation is not None and method == "__call__" and not kwargs:
        if out is None:
            return operation(*inputs)
        if not _tracked(inputs) and not _holds_tensor(out):  # array -= tensor
            return ufunc(*map(_values, inputs), out=out)
    call = f"np.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
    options = [*kwargs, *(["out"] if out is not None else [])]
    raise _missing(call, ufunc.__name__, operation, options)


def _array_function(
    self: Tensor, function: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    operation = OPERATIONS.get(function)
    if operation is None:
        raise _missing(f"np.{function.__name__}", function.__name__, None, [])
    if not args:  # NumPy's name for the first argument need not be ours
        from inspect import signature

        first = next(iter(signature(function).parameters))
        args = (kwargs.pop(first),)
    return operation(*args, **kwargs)


def _missing(call: str, name: str, operation: Callable[..., Any] | None, options: list[str]) -> MissingRuleError:
    if operation is not None:
        with_options = f" with {', '.join(options)}=" if options else ""
        return MissingRuleError(
            f"{call}{with_options} has no derivative here; use tapegrad.autograd.{name} without it, or the values "
            "alone through t.numpy()"
        )
    names = sorted({f.__name__ for f in OPERATIONS})
    near = get_close_matches(name, names, 3, 0.5)
    hint = (
        f"the nearest that has one is np.{' or np.'.join(near)}" if near else "write it with operations that have one"
    )
    return MissingRuleError(f"{call} has no derivative here; {hint}, or use the values alone through t.numpy()")


def _values(x: Any) -> Any:
    return x.numpy() if isinstance(x, Tensor) else x


def _tracked(inputs: tuple[Any, ...]) -> bool:
    return any(isinstance(x, Tensor) and x.node is not None for x in inputs)


def _holds_tensor(out: tuple[Any, ...]) -> bool:
    return any(isinstance(x, Tensor) for x in out)


def bind() -> None:
    """Give Tensor NumPy's two protocols."""
    setattr(Tensor, "__array_ufunc__", _array_ufunc)  # noqa: B010 - the stub declares them as methods
    setattr(Tensor, "__array_function__", _array_function)  # noqa: B010
