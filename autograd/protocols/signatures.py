"""NumPy's names and order of arguments, turned into ours.

Ours are NumPy's, but for the arrays in front, which NumPy calls `a`, `m` or `ar` and we take by position.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Translation", "parameters", "translation"]

_Call = tuple[tuple[Any, ...], dict[str, Any], dict[str, Any]]


class Translation(NamedTuple):
    """How a call of NumPy's function becomes one of our operation."""

    common: int
    """So many arguments by position mean the same in both."""
    leading: int
    """So many of those are to come by position: we call them otherwise, or do not name them."""
    same: frozenset[str]
    """NumPy's names that are ours too."""
    positional: tuple[str, ...]
    """What NumPy calls the arguments by position."""
    ours: dict[str, str]
    """Our name for each of NumPy's that we have."""
    open: bool
    """Whether ours takes any name."""
    defaults: dict[str, Any]
    """What NumPy takes where nothing is given."""

    def apply(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Call:
        """Our arguments, by position and by name, and those of NumPy's that we do not have."""
        front = args[: self.leading]
        rest = dict(zip(self.positional[self.leading :], args[self.leading :], strict=False)) | kwargs
        for name in self.positional[len(front) : self.leading]:
            if name not in rest:
                break
            front = (*front, rest.pop(name))
        ours = {self.ours.get(name, name): value for name, value in rest.items() if name in self.ours or self.open}
        others = {k: v for k, v in rest.items() if k not in self.ours and not _same(v, self.defaults.get(k))}
        return front, ours, {} if self.open else others


def _same(value: Any, default: Any) -> bool:
    return value is default or (type(value) is type(default) and bool(value == default))


def translation(function: Callable[..., Any], operation: Callable[..., Any]) -> Translation:
    """How to call our operation for NumPy's function."""
    from inspect import Parameter, signature  # takes a millisecond, once

    by_position = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    try:
        theirs = signature(function).parameters
    except ValueError:  # NumPy 2.0 does not tell those of functions written in C
        return Translation(_ANY, _ANY, frozenset(), (), {}, True, {})
    ours, unnamed = parameters(operation)
    ours.pop("out", None)  # functions.py writes
    named = {name: name for name in theirs if name in ours}
    defaults = {name: p.default for name, p in theirs.items()}
    takes_any = any(p.kind is Parameter.VAR_KEYWORD for p in ours.values())
    positional = tuple(name for name, p in theirs.items() if p.kind in by_position)
    if any(p.kind is Parameter.VAR_POSITIONAL for p in theirs.values()):
        return Translation(_ANY, _ANY, frozenset(named), (), named, takes_any, defaults)
    our_positional = [name for name, p in ours.items() if p.kind in by_position]
    common = leading = 0
    for their, our in zip(positional, our_positional, strict=False):
        if their != our and (their in ours or our in theirs):  # another order, not another name
            break
        named[their] = our
        common += 1
        if their != our or unnamed:
            leading = common
    same = frozenset(their for their, our in named.items() if their == our and not unnamed)
    return Translation(common, leading, same, positional, named, takes_any, defaults)


_ANY = 1 << 30


def parameters(operation: Any) -> tuple[dict[str, Any], bool]:
    """The parameters of an operation, and whether it takes them by position alone."""
    from inspect import Parameter, signature

    entry = getattr(operation, "primitive", None)
    if entry is None:
        return dict(signature(operation).parameters), False
    if isinstance(entry.forward, np.ufunc):
        return {name: Parameter(name, Parameter.POSITIONAL_ONLY) for name in entry.arguments}, True
    return dict(signature(entry.forward).parameters), not (entry.defaults or entry.variadic)
