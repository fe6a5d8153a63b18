"""`vmap`: a function of one example becomes one of many, each operation computed for all of them at once."""

from __future__ import annotations

from .batched import everywhere as everywhere, over as over
from .mapping import vmap as vmap
from .walking import pulled as pulled

__all__ = ["everywhere", "over", "pulled", "vmap"]
