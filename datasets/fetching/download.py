"""One published file from the first mirror that gives it whole."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import BinaryIO, TypeVar

from ..errors import DownloadError
from ..optional import import_optional
from .progress import Bar
from .published import PublishedFile

TIMEOUT = 10.0  # seconds without a connection or without a byte
_CHUNK = 1 << 16

T = TypeVar("T")


class _Body:
    """The bytes of a response, no more of them than `limit`: a server cannot fill memory or disk."""

    def __init__(self, buffer: BinaryIO, limit: int) -> None:
        self._buffer = buffer
        self._limit = limit

    def write(self, chunk: bytes) -> int:
        if self._buffer.tell() + len(chunk) > self._limit:
            raise ValueError(f"the server sends more than {self._limit} bytes, more than this file can have")
        return self._buffer.write(chunk)

    def flush(self) -> None:
        """Pooch asks for it after every chunk."""


def download(
    file: PublishedFile, mirrors: Sequence[str], new_bar: Callable[[str], Bar], *, timeout: float = TIMEOUT
) -> tuple[bytearray, str]:
    """Return what the cache keeps of `file`, verified, and the mirror that gave it.

    Args:
        file: what to fetch: `<mirror>/<file.remote_name>`.
        mirrors: base URLs, asked in this order.
        new_bar: adds a line to a progress display.
        timeout: seconds without a connection or without a byte, after which the next mirror is asked.

    Raises:
        DownloadError: no mirror gave the file; it lists each with its reason.
    """
    return _first_good(file, mirrors, new_bar, io.BytesIO(), file.kept, timeout)


def download_into(
    body: BinaryIO,
    file: PublishedFile,
    mirrors: Sequence[str],
    new_bar: Callable[[str], Bar],
    *,
    timeout: float = TIMEOUT,
) -> None:
    """Write what a mirror gives for `file` into `body`, and verify it there: for files too large for memory.

    Args, Raises: as for `download`. After an error `body` holds what is not to be trusted.
    """

    def verify(body: BinaryIO, url: str) -> None:
        for _ in file.chunks(body, url):
            pass

    _first_good(file, mirrors, new_bar, body, verify, timeout)


def _first_good(
    file: PublishedFile,
    mirrors: Sequence[str],
    new_bar: Callable[[str], Bar],
    body: BinaryIO,
    accept: Callable[[BinaryIO, str], T],
    timeout: float,
) -> tuple[T, str]:
    if not mirrors:
        raise ValueError(f"no mirror to download {file.name} from: mirrors is empty")
    reasons: list[tuple[str, str]] = []
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{file.remote_name}"
        bar = new_bar(file.name)
        body.seek(0)
        body.truncate()
        try:
            _receive(url, file, body, bar, timeout)
            return accept(body, url), mirror
        except (OSError, ValueError) as error:  # each of requests' errors is an OSError
            bar.remove()
            reasons.append((url, _reason(error)))
    raise DownloadError(
        f"no mirror gave {file.name}\n"
        + "".join(f"  {url}\n    {reason}\n" for url, reason in reasons)
        + f"If you have {' or '.join(file.names)} in some folder, name it: data_dir=FOLDER, --data-dir FOLDER on the "
        "command line, or TAPEGRAD_DATA=FOLDER in the environment.",
        tuple(reasons),
    )


def _reason(error: Exception) -> str:
    """What went wrong, in one line; requests wraps the cause of a failed connection into an account of its retries."""
    wrapped = error.args[0] if error.args else None
    return f"{type(error).__name__}: {getattr(wrapped, 'reason', error)}"


def _receive(url: str, file: PublishedFile, body: BinaryIO, bar: Bar, timeout: float) -> None:
    pooch = import_optional("pooch")
    limited = _Body(body, limit=file.size + file.size // 100 + 1024)  # gzip adds a little to what it cannot shrink
    # The file is to come as it lies there: a server that wraps or unwraps it on the way only wastes time.
    retrieve = pooch.HTTPDownloader(
        progressbar=bar, chunk_size=_CHUNK, timeout=timeout, headers={"Accept-Encoding": "identity"}
    )
    retrieve(url, limited, None)
