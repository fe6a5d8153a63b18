"""Where in the user's program an operation was called: cheap to note, resolved to a file and a line only when shown."""

from __future__ import annotations

import sys
from types import CodeType, FrameType

__all__ = ["OURS", "line_of", "mark_ours", "place", "user_frame"]

OURS = "__tapegrad__"
"""The global name by which a frame is known to be this library's own, and is skipped on the way to the user's."""


def mark_ours(package: str) -> None:
    """Mark the modules of a package that are loaded so far."""
    for name, module in list(sys.modules.items()):
        if name == package or name.startswith(f"{package}."):
            vars(module)[OURS] = True


def user_frame() -> FrameType:
    """The innermost frame that is not this library's own."""
    frame = sys._getframe(1)
    while frame.f_back is not None and OURS in frame.f_globals:
        frame = frame.f_back
    return frame


def line_of(code: CodeType, instruction: int) -> int:
    """The line of `code` that holds the instruction at this byte offset."""
    for start, stop, line in code.co_lines():
        if start <= instruction < stop and line is not None:
            return line
    return code.co_firstlineno


def place(code: CodeType, instruction: int) -> str:
    """`train.py:40`, the way a person says it."""
    return f"{code.co_filename.replace(chr(92), '/').rpartition('/')[2]}:{line_of(code, instruction)}"
