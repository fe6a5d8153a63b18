"""A file as its authors published it: the name, and the size and checksum that its content must have."""

from __future__ import annotations

import gzip
import hashlib
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from ..content import GzipError, chunks_of, open_content
from ..errors import ChecksumError


@dataclass(frozen=True)
class PublishedFile:
    """One file of a data set.

    `size` (bytes) and `sha256` (hexadecimal) are those of the decompressed content: mirrors wrap the same content in
    different gzip files.
    """

    name: str
    size: int
    sha256: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which the file may lie in a folder; which of them is gzip is told by content."""
        return self.name, f"{self.name}.gz"

    @property
    def kept_as(self) -> str:
        """Its name in the cache."""
        return self.name

    @property
    def remote_name(self) -> str:
        """Its name on a mirror."""
        return f"{self.name}.gz"

    def verified(self, file: BinaryIO, source: str) -> bytearray:
        """Return the decompressed content of `file`; `source` stands for it in errors.

        Raises:
            ChecksumError: the content is not the published one.
        """
        return self.content_of(self.kept(file, source))

    def kept(self, file: BinaryIO, source: str) -> bytearray:
        """Return what the cache keeps of `file`: its decompressed content, verified.

        Raises:
            ChecksumError: the content is not the published one.
        """
        return _joined(self.chunks(file, source))

    def content_of(self, kept: bytearray) -> bytearray:
        """Return the content of what `kept` has returned."""
        return kept

    def chunks(self, file: BinaryIO, source: str) -> Iterator[bytes]:
        """The content, a megabyte at a time: the error comes after the last; until then they are not to be trusted."""
        return self._checked(open_content(file)[0], source)

    def _checked(self, stream: BinaryIO, source: str) -> Iterator[bytes]:
        expected = f"{source}: expected {self.kept_as}, {self.size} bytes with SHA-256 {self.sha256}"
        size, digest = 0, hashlib.sha256()
        try:
            for chunk in chunks_of(stream, self.size + 1):
                size += len(chunk)
                digest.update(chunk)
                yield chunk
        except GzipError as error:
            raise ChecksumError(f"{expected}; {error}") from error
        if size != self.size:
            raise ChecksumError(f"{expected}; found {'more' if size > self.size else size} bytes")
        if (found := digest.hexdigest()) != self.sha256:
            raise ChecksumError(f"{expected}; found SHA-256 {found}")


@dataclass(frozen=True)
class PublishedGzip(PublishedFile):
    """A file whose authors tell the size and checksum of `<name>.gz`, not of its content: it is kept as it came."""

    @property
    def names(self) -> tuple[str, ...]:
        return (f"{self.name}.gz",)

    @property
    def kept_as(self) -> str:
        return f"{self.name}.gz"

    def kept(self, file: BinaryIO, source: str) -> bytearray:
        """Return what the cache keeps of `file`: all of it, verified."""
        file.seek(0)
        return _joined(self._checked(file, source))

    def content_of(self, kept: bytearray) -> bytearray:
        return bytearray(gzip.decompress(kept))

    def chunks(self, file: BinaryIO, source: str) -> Iterator[bytes]:
        file.seek(0)
        for _ in self._checked(file, source):
            pass
        return chunks_of(open_content(file)[0], sys.maxsize)


@dataclass(frozen=True)
class PublishedArchive(PublishedFile):
    """A ZIP archive of gzip files: `size` and `sha256` are its own."""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def remote_name(self) -> str:
        return self.name

    def chunks(self, file: BinaryIO, source: str) -> Iterator[bytes]:
        file.seek(0)
        return self._checked(file, source)

    def members(self, file: BinaryIO, names: Sequence[str]) -> list[bytearray]:
        """Return the decompressed contents of the gzip files of these names, in whatever folder of the archive.

        `file` is taken to be verified.
        """
        with zipfile.ZipFile(file) as archive:
            paths = {path.rpartition("/")[2]: path for path in archive.namelist()}
            return [bytearray(gzip.decompress(archive.read(paths[f"{name}.gz"]))) for name in names]


def _joined(chunks: Iterator[bytes]) -> bytearray:
    joined = bytearray()
    for chunk in chunks:
        joined += chunk
    return joined
