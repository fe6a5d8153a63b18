"""Which display there is where this program runs."""

from __future__ import annotations

import sys

from ..optional import import_optional
from .displays import Display
from .notebook import Notebook
from .terminal import Terminal

__all__ = ["display_here"]


def display_here() -> Display:
    """A notebook's, a terminal's if rich is there, or plain lines."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if hasattr(shell, "kernel"):
        return Notebook()
    if not sys.stderr.isatty():
        return Display()
    try:
        console = import_optional("rich.console", "demo").Console(stderr=True, highlight=False)
    except ImportError:
        return Display()
    return Terminal(console) if console.is_interactive else Display()
