"""Where a training shows itself: what a display can do, and the plainest."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..history import History

__all__ = ["Display"]


class Display:
    """Plain lines on standard error: for files, pipes, and terminals without rich.

    Attributes:
        moves: whether this display can change what it has shown.
        interval: seconds between two changes.
        width: characters in a line.
    """

    moves = False
    interval = math.inf
    width = 120

    def line(self, text: str) -> None:
        """Add a line, which stays."""
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def bar(self, name: str, share: float | None, text: str) -> None:
        """Show that a share of something (None: nobody knows which) is done; gone after `close`."""

    def curves(self, history: History) -> None:
        """Show the curves so far."""

    def close(self) -> None:
        """What stands there now is the end of it."""
