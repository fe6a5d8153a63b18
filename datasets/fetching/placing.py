"""Putting a whole file in its place at once, so that no reader and no killed process ever leaves half of one."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_ABANDONED = 3600.0  # seconds: no writing takes that long


def write_atomically(path: Path, content: bytes | bytearray) -> None:
    """Write `content` to `path`, making its folder if need be; until the last moment `path` is as it was."""
    with placed_whole(path) as file:
        file.write(content)


@contextmanager
def placed_whole(path: Path) -> Iterator[BinaryIO]:
    """A new file to write, which takes the place of `path` at the end of the block, if there was no error in it.

    The name it is written under first is unique, so two processes may place the same file at the same time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned_parts(path)
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with part.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _remove_abandoned_parts(path: Path) -> None:
    """Remove what a process left that was killed while it wrote `path`."""
    for part in path.parent.glob(f".{path.name}.*.part"):
        with suppress(OSError):  # another process has just finished or removed it
            if time.time() - part.stat().st_mtime > _ABANDONED:
                part.unlink()
