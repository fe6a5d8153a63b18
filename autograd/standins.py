"""Tensors without an array of their own: what an operation makes of them, they say themselves.

`vmap` runs a function on such tensors, each of which stands for one example and holds the whole batch. Operations ask
for a tensor's array first; a stand-in refuses it with a `BatchError`, and then `stood_in` asks it what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .tensor import Tensor

if TYPE_CHECKING:
    from .primitive import Primitive

__all__ = ["StandIn", "stood_in"]


class StandIn(Tensor):
    """What a stand-in has to know besides being a tensor."""

    __slots__ = ()

    depth: int
    """How many transformations it stands in: of several arguments, the deepest decides."""

    def applied(self, operation: Primitive | Callable[..., Any], args: Sequence[Any], params: dict[str, Any]) -> Any:
        """The result of an operation that has this tensor among its arguments."""
        raise NotImplementedError


def stood_in(operation: Primitive | Callable[..., Any], args: Sequence[Any], params: dict[str, Any]) -> Any:
    """The result of an operation on arguments of which some are stand-ins."""
    deepest = max((x for x in args if isinstance(x, StandIn)), key=lambda x: x.depth)
    return deepest.applied(operation, args, params)
