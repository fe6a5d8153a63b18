"""A tensor's values: looking at them is free, but taking them out of the graph has to be said.

`float(t)`, `np.asarray(t)` and their like would lose the gradient silently; on a tracked tensor they raise.
"""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .errors import DetachError, ShapeError
from .graph import Edge, Node
from .storage import Storage

__all__ = ["Values", "refuse"]


class Values(Storage):
    """A stored array, seen from outside, and its place in the graph."""

    __slots__ = ()

    @property
    def node(self) -> Edge | None:
        """The place in the graph; None outside it."""
        try:
            return self._node
        except AttributeError:
            self._frozen()
            return self._node

    @property
    def shape(self) -> tuple[int, ...]:
        """The size of each axis."""
        return self._described.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the elements."""
        return self._described.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self._described.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._values.size

    @property
    def nbytes(self) -> int:
        """The bytes that the elements take."""
        return self._values.nbytes

    def numpy(self) -> NDArray[Any]:
        """The values as a read-only array, without a copy; what happens to the tensor later does not show in it."""
        view = self._frozen().view()
        view.setflags(False)  # type: ignore[call-arg]
        return view

    def item(self) -> Any:
        """The one element as a Python number."""
        values = self._values
        if values.size != 1:
            raise ShapeError(f"item: expected one element, got shape {values.shape}; use .numpy() for all")
        return values.item()

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        if self.node is not None:
            refuse(self, "np.asarray(t)", "t.numpy() for the values alone")
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __float__(self) -> float:
        return float(self._untracked("float(t)"))

    def __int__(self) -> int:
        return int(self._untracked("int(t)"))

    def __complex__(self) -> complex:
        return complex(self._untracked("complex(t)"))

    def __index__(self) -> int:
        return self._untracked("operator.index(t)").__index__()

    def _untracked(self, what: str) -> NDArray[Any]:
        if self.node is not None:
            refuse(self, what, "t.item() for the value alone")
        return self._values

    def __bool__(self) -> bool:
        values = self._values
        if values.size != 1:
            raise ShapeError(f"bool(t): the truth of shape {values.shape} is ambiguous; say .any() or .all()")
        return bool(values)

    def __len__(self) -> int:
        return len(self._values)

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec and self.size == 1 else str(self)


def refuse(t: Values, what: str, instead: str) -> NoReturn:
    """Raise for something that would take a tracked tensor out of its graph unseen."""
    if isinstance(t.node, Node):
        origin = f"a result of {t.node.primitive.name}"
    else:
        origin = getattr(t.node, "name", None) or "a leaf with requires_grad"
    raise DetachError(
        f"{what}: the tensor is tracked ({origin}), and its gradient would silently be lost; use {instead}, "
        "or t.detach()"
    )
