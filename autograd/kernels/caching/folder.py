"""Folders of compiled kernels. They are private, and change by whole files only: any number of processes share them."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import time
import warnings
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import numba
from numba.misc import appdirs

__all__ = ["Folder", "place"]

_KEPT = 8  # folders
_ABANDONED = 3600.0  # seconds, after which no process still loads from a folder that it opened, or writes to a file
_CHECKSUM = sha256().digest_size


def place() -> Path | None:
    """Where the folders lie: in TAPEGRAD_CACHE_DIR, else in NUMBA_CACHE_DIR, else in the user's cache."""
    settings: Any = numba.config
    directories: Any = appdirs
    if named := os.environ.get("TAPEGRAD_CACHE_DIR"):
        cache = Path(named)
    elif settings.CACHE_DIR:
        cache = Path(settings.CACHE_DIR, "tapegrad")
    else:
        cache = Path(directories.AppDirs("tapegrad", appauthor=False).user_cache_dir)
    try:
        return cache.expanduser().absolute() / "kernels"
    except RuntimeError:  # a user without a home
        return None


class Folder:
    """Files in one folder, each with its checksum; where nothing can be written, none.

    Whatever happens to a process or a file, the worst that another process meets is that a file is not there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with suppress(OSError):
            os.utime(path)  # it is in use

    def load(self, name: str) -> bytes | None:
        """The content of a file; None if there is none, or if it is not what was written."""
        try:
            content = (self.path / name).read_bytes() if _is_private(self.path.parent) else b""
        except OSError:
            return None
        checksum, content = content[:_CHECKSUM], content[_CHECKSUM:]
        return content if sha256(content).digest() == checksum else None

    def save(self, name: str, content: bytes) -> None:
        """Write a file, if it can be written."""
        part = self.path / f".{name}.{secrets.token_hex(8)}.part"
        with suppress(OSError):
            self._make()
            if not _is_private(self.path.parent):
                return
            try:
                # Not synced: after a power failure the checksum tells, and the kernel is compiled again.
                part.write_bytes(sha256(content).digest() + content)
                part.replace(self.path / name)
            except BaseException:
                part.unlink(missing_ok=True)
                raise

    def _make(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.path.exists():
            self.path.mkdir(mode=0o700, exist_ok=True)
            _prune(self.path.parent)


def _is_private(folder: Path) -> bool:
    """Whether nobody else can write there: what is read is unpickled, and runs with the user's rights."""
    if os.name == "nt":  # a folder in the user's profile is the user's
        return True
    status = folder.lstat()
    writable_by_others = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not writable_by_others:
        return True
    warnings.warn(
        f"{folder} is not a folder that only you can write to, so no compiled kernels are read from it or kept in it: "
        "each process compiles its own. Remove it, set its rights to 700, or name another place in TAPEGRAD_CACHE_DIR.",
        RuntimeWarning,
        stacklevel=2,
    )
    return False


def _prune(parent: Path) -> None:
    """Remove all but the folders opened last, and what was left by processes killed while they wrote.

    A process that uses a removed folder after all compiles what it needs, and makes the folder again.
    """
    for folder in sorted((entry for entry in parent.iterdir() if entry.is_dir()), key=_age)[_KEPT:]:
        if _age(folder) > _ABANDONED:
            shutil.rmtree(folder, ignore_errors=True)
    for part in parent.glob("*/.*.part"):
        if _age(part) > _ABANDONED:
            part.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """Seconds since something was written or opened; none if it has gone meanwhile."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
