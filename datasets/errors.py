"""What can be wrong with data: one type a cause, each also the built-in that a caller would expect."""

from __future__ import annotations


class IdxError(ValueError):
    """A file is not a whole, well-formed IDX file; the message names the file, what was expected and what came."""


class ChecksumError(ValueError):
    """A file's content is not the published one: another size, another SHA-256, or a broken gzip wrapping."""


class MissingFilesError(FileNotFoundError):
    """A folder lacks files of a data set; the message names all of them, the folder, and the names looked for."""


class DownloadError(OSError):
    """No mirror gave a file; `reasons` holds (URL, reason) for each one asked."""

    def __init__(self, message: str, reasons: tuple[tuple[str, str], ...]) -> None:
        super().__init__(message)
        self.reasons = reasons


class WorkerError(RuntimeError):
    """A process that makes batches died, or could not say what went wrong with one."""


class CacheWarning(UserWarning):
    """A file in the cache is corrupt, or a good one could not be kept there; the data in hand are right either way."""
