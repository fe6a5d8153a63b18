"""The array of a tensor, and why nothing changes behind the graph.

The array is frozen, not writeable, because the graph and other tensors may hold it too. A leaf that is asked for its
`data` hands out an array that nobody else holds, its own or a copy that takes its place, and lets it go: `_data` is
unset. The next operation on the tensor notices that, and `_frozen` freezes the array again. (`setflags` is called by
position, which NumPy's stubs do not know and which takes less than half the time.)

A result may also be promised: it is computed when it is needed (see promises.py), and `_data` is unset until then.
"""

from __future__ import annotations

from sys import getrefcount
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .promises import Promise

__all__ = ["Storage"]


class Storage:
    """Holds one array: frozen, handed out or promised."""

    __slots__ = ("_data", "_handed_out", "_promise")

    _data: NDArray[Any]
    _handed_out: NDArray[Any]
    _promise: Promise | None

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
            return getattr(self, "_promise", None) or self._handed_out

    def _frozen(self) -> NDArray[Any]:
        """The array as operations take it, frozen again if it was handed out."""
        try:
            return self._data
        except AttributeError:
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
        """An array that nobody else holds, handed out until the next use."""
        try:
            return self._handed_out
        except AttributeError:
            if self._frozen().base is not None or getrefcount(self._data) > _UNSHARED:
                self._data = self._data.copy("K")
            array = self._handed_out = self._data
            array.setflags(True)  # type: ignore[call-arg]
            del self._data
            return array

    def _replace(self, array: NDArray[Any]) -> None:
        """Hold another array; nobody else may write to it."""
        array.setflags(False)  # type: ignore[call-arg]
        self._data = array
        if hasattr(self, "_handed_out"):
            del self._handed_out


# How many references an array has that its Storage alone holds: asked here as `_writable` asks, for Pythons differ.
_probe = Storage()
_probe._data = np.empty(0)
_UNSHARED = getrefcount(_probe._data)
