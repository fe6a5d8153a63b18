"""NumPy's functions that are no ufuncs, on tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..constants import on_values, tracked
from ..diagnosis import locate
from ..errors import ShapeError
from ..ops.comparing import shape
from ..tensor import Tensor
from .finding import OPERATIONS, found
from .refusing import full_name, missing, without
from .writing import WRITERS, deliver

if TYPE_CHECKING:
    from .signatures import Translation

__all__ = ["array_function"]

OPERATIONS |= WRITERS
_CALLS: dict[Any, tuple[Callable[..., Any], int, frozenset[str], Translation]] = {}
"""For each function called so far: our operation, how many arguments and which names mean the same, and the rest."""


def array_function(
    self: Tensor, function: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """`__array_function__`: our operation with NumPy's arguments, or NumPy itself where no gradient can be lost."""
    try:
        return _called(function, args, kwargs)
    except Exception as error:
        locate(error, full_name(function), args, kwargs)
        raise


def _called(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    call = _CALLS.get(function)
    if call is None:
        operation = found(function)
        if operation is None:
            if tracked(args, kwargs):
                raise missing(full_name(function))
            return on_values(function, args, kwargs)
        from .signatures import translation  # imported with the first call, as it takes its time

        names = translation(function, operation)
        call = _CALLS[function] = operation, names.common, names.same, names
    operation, common, same, names = call
    if len(args) <= common and (not kwargs or same.issuperset(kwargs)):
        return operation(*args, **kwargs)
    args, kwargs, others = names.apply(args, kwargs)
    out = others.pop("out", None)
    others.pop("subok", None)
    if others:
        raise without(full_name(function), others)
    result = operation(*args, **kwargs)
    if out is None:
        return result
    if shape(result) != shape(out):
        raise ShapeError(f"{full_name(function)}: out= has shape {shape(out)}, the result has shape {shape(result)}")
    return deliver(full_name(function), result, out)
