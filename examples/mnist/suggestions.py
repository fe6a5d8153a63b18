"""What is said about a name that nothing has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["unknown"]


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """A sentence that suggests the nearest name, and lists all: `unknown("model", "mpl", MODELS)`."""
    names = list(known)
    nearest = difflib.get_close_matches(name.lower(), names, n=1)
    suggestion = f"Did you mean {nearest[0]!r}? " if nearest else ""
    return f"there is no {kind} {name!r}. {suggestion}The {kind}s are {', '.join(names)}."
