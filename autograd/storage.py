"""The array of a tensor, and why nothing changes behind the graph.

The array is frozen, not writeable, because the graph and other tensors may hold it too. A leaf that is asked for its
`data` hands out an array that nobody else holds, its own or a copy that takes its place, and lets it go: `_data` is
unset. The next operation on the tensor notices that, and `_frozen` freezes the array again. (`setflags` is called by
position, which NumPy's stubs do not know and which takes less than half the time.)

A result may also be promised: it is computed when it is needed (see promises.py), and `_data` is unset until then. And
the array of a view goes, with its place in the graph, when something is written to the memory that it shares: `_data`
and `_node` are unset until it is looked at again (see views.py).
"""

from __future__ import annotations

from sys import getrefcount
from typing import TYPE_CHECKING, Any
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from .promises import Promise

if TYPE_CHECKING:
    from .graph import Edge
    from .tensor import Tensor
    from .views import View

__all__ = ["Storage"]


class Storage:
    """Holds one array: frozen, handed out, promised, or found again in another's."""

    __slots__ = ("_data", "_handed_out", "_node", "_promise", "_view", "_views")

    _data: NDArray[Any]
    _handed_out: NDArray[Any]
    _node: Edge | None
    _promise: Promise | None
    _view: View
    _views: dict[int, ref[Tensor]]

    @property
    def _values(self) -> NDArray[Any]:
        """The array, whether frozen or handed out: for a look that leaves things as they are."""
        try:
            return self._data
        except AttributeError:
            return self._handed_out if hasattr(self, "_handed_out") else self._frozen()

    @property
    def _described(self) -> NDArray[Any] | Promise:
        """What knows shape and dtype of the array."""
        try:
            return self._data
        except AttributeError:
            return getattr(self, "_promise", None) or self._values

    def _frozen(self) -> NDArray[Any]:
        """The array as operations take it, frozen again if it was handed out."""
        try:
            return self._data
        except AttributeError:
            if hasattr(self, "_view"):
                self._view.renew(self)  # type: ignore[arg-type]
                return self._data
            if not hasattr(self, "_handed_out"):
                return self._kept()
            # Whoever still holds the array meets an error on writing; who holds a view of it writes to what we leave.
            self._handed_out.setflags(False)  # type: ignore[call-arg]
            held = getrefcount(self._handed_out) > _UNSHARED
            self._data = self._handed_out.copy("K") if held else self._handed_out
            self._data.setflags(False)  # type: ignore[call-arg]
            del self._handed_out
            return self._data

    def _kept(self) -> NDArray[Any]:
        """The array that was promised."""
        promise = self._promise
        if promise is not None:  # else another thread was quicker
            self._data = promise.kept()
            self._promise = None
        return self._data

    def _writable(self) -> NDArray[Any]:
        """An array that nobody else holds, handed out until the next use; of a view, its part of the base's."""
        if hasattr(self, "_view"):
            return self._view.writable()
        try:
            return self._handed_out
        except AttributeError:
            self._handed_out = self._owned()
            del self._data
            return self._handed_out

    def _owned(self) -> NDArray[Any]:
        """The array, writable, for nobody else holds it: itself or a copy that takes its place. Views are outrun."""
        self._frozen()
        self._outrun()
        if self._data.base is not None or getrefcount(self._data) > _UNSHARED:
            self._data = self._data.copy("K")
        self._data.setflags(True)  # type: ignore[call-arg]
        return self._data

    def _outrun(self) -> None:
        """Take array and place in the graph from all views of this tensor, and their views."""
        bases: list[Storage] = [self]
        for base in bases:  # grows while we go
            views = getattr(base, "_views", None)
            if views:
                for view in [view for r in views.values() if (view := r()) is not None]:
                    del view._data, view._node
                    bases.append(view)
                views.clear()

    def _part(self) -> None:
        """Be a view of nothing any more."""
        if hasattr(self, "_view"):
            self._frozen()
            del self._view.base._views[id(self)]
            del self._view

    def _replace(self, array: NDArray[Any]) -> None:
        """Hold another array; nobody else may write to it."""
        array.setflags(False)  # type: ignore[call-arg]
        self._outrun()
        self._data = array
        if hasattr(self, "_handed_out"):
            del self._handed_out


# How many references an array has that its Storage alone holds: asked here as `_writable` asks, for Pythons differ.
_probe = Storage()
_probe._data = np.empty(0)
_UNSHARED = getrefcount(_probe._data)
