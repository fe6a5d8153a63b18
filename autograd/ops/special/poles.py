"""Slopes with poles: a zero that a branch not taken sends back stays zero through them, as in `quotient`."""

from __future__ import annotations

from typing import Any

from ..comparing import isfinite
from ..selecting import where

__all__: list[str] = []


def times(g: Any, slope: Any) -> Any:
    """g times a slope, and 0 where g is 0 and the slope is infinite or NaN."""
    return g * where((g == 0) & ~isfinite(slope), 0, slope)
