"""A call that is to be done for all examples at once, and the rule that most operations share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...ops.comparing import ndim
from ..refusing import unknown

__all__ = ["Call", "broadcasting", "of_first", "of_rank", "unchanged"]


@dataclass
class Call:
    """An operation on batches.

    Attributes:
        name: the operation's.
        operation: what computes it, on tensors (which may be batches of an outer `vmap`, and tracked) and arrays.
        size: the number of examples.
        args: a batch has its axis in front; what is the same for all examples has none.
        batches: which of the arguments are batches.
        params: the operation's parameters, which are the same for all examples.
    """

    name: str
    operation: Callable[..., Any]
    size: int
    args: Sequence[Any]
    batches: Sequence[bool]
    params: dict[str, Any]

    def __call__(self, *args: Any, **changed: Any) -> Any:
        """The operation, on other arguments and perhaps with other parameters."""
        return self.operation(*args, **{**self.params, **changed})

    @property
    def ranks(self) -> list[int]:
        """The number of axes that an example of each argument has."""
        return [ndim(x) - batch for x, batch in zip(self.args, self.batches, strict=True)]


def of_rank(x: Any, rank: int) -> Any:
    """A batch, of examples that have so many axes at least: new ones are in front."""
    missing = rank - (x.ndim - 1)
    return x.reshape(len(x), *(1,) * missing, *x.shape[1:]) if missing > 0 else x


def broadcasting(call: Call) -> Any:
    """Elementwise: examples broadcast against each other from their last axes on, so all batches need as many."""
    rank = max(*call.ranks, *(ndim(value) for value in call.params.values() if isinstance(value, np.ndarray)), 0)
    return call(*(of_rank(x, rank) if batch else x for x, batch in zip(call.args, call.batches, strict=True)))


def unchanged(call: Call) -> Any:
    """The operation takes any number of leading axes, or works on each element alone."""
    return call(*call.args)


def of_first(call: Call) -> Any:
    """The operation works on each element of its first argument alone; the others are the same for all examples."""
    if any(call.batches[1:]):
        raise unknown(call.name)
    return call(*call.args)
