"""Standard output: plain lines in a file or a pipe, colours and tables in a terminal."""

from __future__ import annotations

from rich.console import Console

__all__ = ["console", "percent", "say"]


def console() -> Console:
    """Where results go."""
    return Console(highlight=False)


def say(text: str) -> None:
    """Show lines as they are: nothing in them is markup, and none is broken."""
    console().print(text, markup=False, soft_wrap=True)


def percent(share: float) -> str:
    """0.98765 as `98.77 %`."""
    return f"{100 * share:.2f} %"
