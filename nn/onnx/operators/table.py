"""The table of emitters, by the name of the operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

__all__ = ["EMITTERS", "emitter", "emitter_of"]

Emitter = TypeVar("Emitter", bound=Callable[..., str])

EMITTERS: dict[str, Callable[..., Any]] = {}


_OURS = __name__.partition(".")[0]


def _is_ours(function: Any) -> bool:
    """Whether a function is this library's own, or NumPy's as it uses it."""
    return isinstance(function, np.ufunc) or function.__module__.partition(".")[0] == _OURS


def emitter_of(name: str, function: Any) -> Callable[..., Any] | None:
    """What an operation becomes; nothing, if a user's function has only the name in common with one of ours."""
    found = EMITTERS.get(name)
    return None if found is None or (_is_ours(found) and not _is_ours(function)) else found


def emitter(*names: str) -> Callable[[Emitter], Emitter]:
    """Enter a function into the table."""

    def entered(function: Emitter) -> Emitter:
        EMITTERS.update(dict.fromkeys(names, function))
        return function

    return entered
