"""Putting a whole file in its place at once: until the last moment what was there before is untouched."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

__all__ = ["save_whole"]


def save_whole(path: Path, content: bytes, what: str) -> None:
    """Write `content` to `path`; `what` it is goes into the error.

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
