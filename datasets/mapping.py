"""IDX files whose numbers stay on disk: mapped into memory, read by the system page by page when they are looked at."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .content import GzipError, chunks_of, open_content
from .errors import IdxError
from .fetching.placing import placed_whole
from .idx import read_header
from .optional import import_optional


class MappedIdx:
    """A plain IDX file as an array whose numbers are read from the file when they are looked at.

    What was read counts as the system's file cache, which is given back when memory is needed. Pickled it is a path, so
    that other processes map the same file.

    Attributes:
        path: the file; it must not be written to meanwhile. A file that is cut short ends the program (SIGBUS).
        array: its numbers, read-only, in the file's byte order.

    Raises:
        IdxError: the file is gzip, is not IDX, is cut short, or has bytes to spare.
        OSError: the file cannot be opened.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).absolute()
        with self.path.open("rb") as file:
            self.array = _map(file, str(self.path))

    def __reduce__(self) -> tuple[Any, ...]:
        return MappedIdx, (self.path,)


def _map(file: BinaryIO, name: str) -> NDArray[Any]:
    stream, size = open_content(file)
    if stream is not file:
        raise IdxError(f"{name}: gzip cannot be mapped into memory; expected a plain IDX file")
    header = read_header(file, size, name)
    if size > header.size + header.nbytes:
        raise IdxError(f"{header.said}; found more")
    # the file's bytes, then their meaning: NumPy maps no array of no numbers
    content = np.memmap(file, np.uint8, "r")
    return header.shaped(np.asarray(content)[header.size :].view(header.dtype))


def plain_file(path: str | os.PathLike[str], cache_dir: str | os.PathLike[str] | None = None) -> Path:
    """Return the path of an IDX file's plain content: the file itself, or if it is gzip a file in the cache.

    It is unpacked once, a megabyte at a time; a file that has changed is unpacked again.

    Args:
        path: an IDX file, gzip or plain.
        cache_dir: in place of the user's cache folder.

    Raises:
        IdxError: the file is not IDX, is cut short, has bytes to spare, or its gzip wrapping is damaged.
        ImportError: it is gzip, no `cache_dir` is given, and pooch is not installed.
    """
    path = Path(path).absolute()
    with path.open("rb") as file:
        stream, most = open_content(file)
        if stream is file:
            return path
        cache = Path(import_optional("pooch").os_cache("tapegrad") if cache_dir is None else cache_dir)
        state = path.stat()
        key = hashlib.sha256(f"{path} {state.st_size} {state.st_mtime_ns}".encode()).hexdigest()[:16]
        unpacked = cache / "unpacked" / f"{path.name.removesuffix('.gz')}-{key}"
        if not unpacked.exists():
            try:
                _unpack(file, most, unpacked, str(path))
            except GzipError as error:
                raise IdxError(f"{path}: expected an IDX file, gzip or plain; {error}") from error
        return unpacked


def _unpack(file: BinaryIO, most: int, unpacked: Path, name: str) -> None:
    header = read_header(open_content(file)[0], most, name)
    stream, _ = open_content(file)
    expected = header.size + header.nbytes
    written = 0
    with placed_whole(unpacked) as plain:
        for chunk in chunks_of(stream, expected + 1):
            plain.write(chunk)
            written += len(chunk)
        if written != expected:
            found = "more" if written > expected else written - header.size
            raise IdxError(f"{header.said}; found {found}")
