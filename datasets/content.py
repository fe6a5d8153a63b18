"""A file's content, gzip or plain: told by its first bytes, never by its name, and never more read than asked for."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_EXPANSION = 1032  # deflate's best: 258 bytes from two bits
_CHUNK = 1 << 20


class GzipError(ValueError):
    """A gzip wrapping is cut short, damaged, or fails its own checksum."""


def open_content(file: BinaryIO) -> tuple[BinaryIO, int]:
    """Return a stream of the content of `file`, and the most bytes that this content can have."""
    raw_size = file.seek(0, os.SEEK_END)
    file.seek(0)
    gzipped = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    file.seek(0)
    if not gzipped:
        return file, raw_size
    return cast(BinaryIO, gzip.GzipFile(fileobj=file, mode="rb")), raw_size * _GZIP_EXPANSION


def read_at_most(stream: BinaryIO, count: int) -> bytearray:
    """Read `count` bytes, or all there are if those are fewer.

    Memory grows with what comes, not with `count`. At the end of a gzip stream its checksum is verified: to have it
    verified, ask for one byte more than you expect.

    Raises:
        GzipError: the wrapping is damaged.
    """
    content = bytearray()
    for chunk in chunks_of(stream, count):
        content += chunk
    return content


def chunks_of(stream: BinaryIO, count: int) -> Iterator[bytes]:
    """The same, a megabyte at a time."""
    try:
        while count > 0 and (chunk := stream.read(min(_CHUNK, count))):
            count -= len(chunk)
            yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise GzipError(f"its gzip wrapping is damaged ({error})") from error
