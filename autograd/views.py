"""Views: tensors that are a part of another, as `x[1:]`, `x.T` or `x.reshape(2, 3)` share the memory of x in NumPy.

A view knows its base, the operation that shows it in there, and nothing else. When somebody writes to the memory that
they share (see inplace.py), array and node of the view are forgotten; when somebody looks at it again, the operation is
called again on what the base is by then, and leaves a new node. So a view is always what its base says, in values and
in gradients, and costs nothing while nobody looks.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import update_wrapper
from typing import Any, TypeVar
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from .mode import enable_grad, no_grad
from .tensor import Tensor

__all__ = ["View", "lineage", "viewing"]

Function = TypeVar("Function", bound=Callable[..., Any])

_new = object.__new__
_MUTABLE = frozenset((list, np.ndarray))


class View:
    """How a tensor is seen in its base.

    Attributes:
        constant: whether it was made under `no_grad` of a tracked tensor: then it stays outside the graph.
        read_only: whether NumPy refuses to write through it.
    """

    __slots__ = ("args", "base", "constant", "kwargs", "operation", "read_only")

    operation: Callable[..., Any]
    base: Tensor
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    constant: bool
    read_only: bool

    def __call__(self, x: Any) -> Any:
        """What it shows of an array or a tensor like its base."""
        return self.operation(x, *self.args, **self.kwargs)

    def writable(self) -> NDArray[Any]:
        """The part of the base's memory that the view is, handed out with it; a copy if it is read-only."""
        part = self(self.base._writable())
        part.setflags(part.flags.writeable and not self.read_only)
        return part  # type: ignore[no-any-return]

    def renew(self, tensor: Tensor) -> None:
        """Find array and node of a view again, and before it those of the views that it is made of."""
        outrun = [tensor]
        while hasattr(base := outrun[-1]._view.base, "_view") and not hasattr(base, "_data"):
            outrun.append(base)
        for one in reversed(outrun):
            view = one._view
            with no_grad() if view.constant else enable_grad():
                found = view(view.base)
            one._data, one._node = found._data, found._node
            view.base._views[id(one)] = ref(one)


def viewing(operation: Function, read_only: bool = False) -> Function:
    """An operation whose result is a view where it shares memory with its first argument.

    Args:
        read_only: NumPy's result is always a view, and not writeable; ours may have memory of its own.
    """

    def view(x: Any, *args: Any, **kwargs: Any) -> Any:
        y = operation(x, *args, **kwargs) if kwargs else operation(x, *args)
        if type(y) is np.ndarray or not hasattr(y, "_data"):  # a batch of vmap has no array
            return y
        part, whole = y._data, x._data
        base = part.base
        if not (read_only or base is whole or part is whole or (base is not None and base is whole.base)):
            return y  # memory of its own
        if whole.base is not None and not hasattr(x, "_view") and _has_gaps(whole):
            x._data = whole.copy("K")  # a write may copy it, and then it lies so: it must be seen in there in this way
            return view(x, *args, **kwargs)
        y._view = how = _new(View)
        how.operation = operation
        how.base = x
        # A list of sizes or axes may change before the view is looked at again.
        how.args = deepcopy(args) if args and type(args[0]) in _MUTABLE else args
        how.kwargs = deepcopy(kwargs) if kwargs else kwargs
        how.constant = y._node is None and x._node is not None
        how.read_only = read_only
        if not hasattr(x, "_views"):
            x._views = {}
        x._views[id(y)] = ref(y)  # by its id, so that what is dead gives way to what comes to lie at the same place
        return y

    return update_wrapper(view, operation)  # type: ignore[return-value]


def lineage(tensor: Tensor) -> tuple[Tensor, list[View]]:
    """The tensor that owns the memory, and the views that lead from it to this one."""
    views: list[View] = []
    while hasattr(tensor, "_view"):
        views.append(tensor._view)
        tensor = tensor._view.base
    return tensor, views[::-1]


def _has_gaps(array: NDArray[Any]) -> bool:
    """Whether an array is spread over more memory, or less, than its elements take."""
    if array.flags.forc:
        return False
    low, high = np.lib.array_utils.byte_bounds(array)
    return high - low != array.nbytes
