"""Putting a whole file in its place at once: until the last moment what was there before is untouched."""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
from pathlib import Path

__all__ = ["save_whole"]

# Seconds after which what a killed process left behind is removed. Nobody is that long without writing a byte.
_ABANDONED = 3600


def save_whole(path: Path, content: bytes, what: str) -> None:
    """Write `content` to `path`; `what` it is goes into the error.

    The content is written beside it, to a file named `.name.….part`, which is renamed when it is on the disk. A process
    that is killed meanwhile leaves that file; a later save removes it when it is an hour old, and so nobody's.

    Raises:
        OSError: of the kind that the system gave, naming `path`.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        try:
            with part.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise type(error)(error.errno, f"cannot save {what}: {error.strerror}", str(path)) from error
    _remove_abandoned(path)


def _remove_abandoned(path: Path) -> None:
    """Remove what earlier writers of this path left, by the clock of the file system that wrote both."""
    with contextlib.suppress(OSError):  # another process is at it
        now = path.stat().st_mtime
        for part in path.parent.glob(f".{glob.escape(path.name)}.{'[0-9a-f]' * 16}.part"):
            if now - part.stat().st_mtime > _ABANDONED:
                part.unlink()
