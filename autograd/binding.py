"""Python's calling convention for primitives: which arguments are arrays, and what the parameters are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from numpy import ndarray

from .errors import MissingRuleError
from .tensor import Tensor

if TYPE_CHECKING:
    from .primitive import Primitive

__all__ = ["NO_PARAMS", "any_tensor", "bound"]

NO_PARAMS: dict[str, Any] = {}


def any_tensor(values: Iterable[Any]) -> bool:
    """Whether there is a tensor among some values."""
    for x in values:  # noqa: SIM110 - a generator would take three times as long
        if isinstance(x, Tensor):
            return True
    return False


def bound(
    primitive: Primitive, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arrays, and all parameters with their defaults.

    Raises:
        TypeError: an argument is missing, unknown, or given twice.
        MissingRuleError: a parameter is a tracked tensor; its gradient would silently be lost.
    """
    names, defaults = primitive.arguments, primitive.defaults
    if not kwargs and (len(args) == len(names) or primitive.variadic):
        return args, defaults
    arrays = args if primitive.variadic else args[: len(names)]
    given = dict(zip(defaults, args[len(arrays) :], strict=False))
    if len(args) > len(arrays) + len(given):
        raise TypeError(f"{primitive.name}() takes at most {len(names) + len(defaults)} arguments, got {len(args)}")
    for name, value in kwargs.items():
        if name in given or name in names[: len(arrays)]:
            raise TypeError(f"{primitive.name}() got two values for {name!r}")
        given[name] = value
    for name in names[len(arrays) :]:
        if name not in given:
            raise TypeError(f"{primitive.name}() misses its argument {name!r}")
        arrays = (*arrays, given.pop(name))
    for name, value in given.items():
        if name not in defaults:
            raise TypeError(f"{primitive.name}() has no parameter {name!r}; it has {', '.join(defaults) or 'none'}")
        if isinstance(value, Tensor):
            if value.node is not None:
                raise MissingRuleError(
                    f"{primitive.name}: {name}= is tracked, but has no derivative there; pass {name}.detach() to treat "
                    "it as a constant"
                )
            given[name] = value.numpy()
        elif type(value) is ndarray and (value.flags.writeable or value.base is not None):
            given[name] = value.copy()  # the caller may change it later
    return arrays, {**defaults, **given}
