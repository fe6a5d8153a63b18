"""What is refused in a file of weights: never a pickle, and never more memory than its size justifies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_DIRECTORY", "NOTES", "WeightsError", "check_booleans", "check_unpacked", "refuse_twice"]

# Bytes of the table of contents: over a hundred thousand arrays. One array more is some hundred bytes of memory more.
MAX_DIRECTORY = 2**24
# Compressed weights are hardly smaller, but zeros shrink a thousandfold, and a small file may hold many of them.
MAX_RATIO = 16
ALWAYS_ALLOWED = 2**26
# The name that notes are kept under, in both formats: safetensors' own.
NOTES = "__metadata__"


class WeightsError(ValueError):
    """A file that does not hold weights, or weights that such a file cannot hold."""


def refuse_twice(names: Iterable[str]) -> None:
    """Refuse names of which one comes twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise WeightsError(f"{name!r:.80} is there twice")
        seen.add(name)


def check_unpacked(unpacked: int, packed: int) -> None:
    """Refuse what would unpack to far more than it is."""
    allowed = ALWAYS_ALLOWED + MAX_RATIO * packed
    if unpacked > allowed:
        raise WeightsError(f"its {packed} bytes would unpack to {unpacked}, and more than {allowed} are not believed")


def check_booleans(name: str, array: NDArray[Any]) -> None:
    """Refuse a boolean array with bytes other than 0 and 1, with which NumPy computes nonsense."""
    if array.dtype == np.bool_ and array.view(np.uint8).max(initial=0) > 1:
        raise WeightsError(f"{name!r:.80} is boolean, and has bytes that are neither 0 nor 1")
