"""A file as its authors published it: the name, and the size and checksum that its content must have."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from ..content import GzipError, open_content, read_at_most
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
    def names(self) -> tuple[str, str]:
        """The names under which the file may lie in a folder; which of them is gzip is told by content."""
        return self.name, f"{self.name}.gz"

    def verified(self, file: BinaryIO, source: str) -> bytearray:
        """Return the decompressed content of `file`; `source` stands for it in errors.

        Raises:
            ChecksumError: the content is not the published one.
        """
        expected = f"{source}: expected {self.name}, {self.size} bytes with SHA-256 {self.sha256}"
        stream, _ = open_content(file)
        try:
            content = read_at_most(stream, self.size + 1)
        except GzipError as error:
            raise ChecksumError(f"{expected}; {error}") from error
        if len(content) != self.size:
            raise ChecksumError(f"{expected}; found {'more' if len(content) > self.size else len(content)} bytes")
        if (found := hashlib.sha256(content).hexdigest()) != self.sha256:
            raise ChecksumError(f"{expected}; found SHA-256 {found}")
        return content
