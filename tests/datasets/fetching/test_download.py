from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

import pytest

from tapegrad.datasets import DownloadError
from tapegrad.datasets.fetching.download import download
from tapegrad.datasets.fetching.progress import progress_bars
from tapegrad.datasets.fetching.published import PublishedFile

if TYPE_CHECKING:
    from ..conftest import Mirror


def fetch(file: PublishedFile, *mirrors: str, timeout: float = 5.0) -> tuple[bytes, str]:
    with progress_bars() as new_bar:
        content, mirror = download(file, mirrors, new_bar, timeout=timeout)
    return bytes(content), mirror


@pytest.fixture
def good(new_mirror: Callable[[], Mirror], published: PublishedFile, content: bytes) -> Mirror:
    mirror = new_mirror()
    mirror.serve(published, gzip.compress(content))
    return mirror


def refused_url() -> str:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        return f"http://127.0.0.1:{closed_soon.getsockname()[1]}"


def announce(handler: BaseHTTPRequestHandler, length: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(length))
    handler.end_headers()


def test_content_comes_decompressed(good: Mirror, published: PublishedFile, content: bytes) -> None:
    assert fetch(published, good.url) == (content, good.url)
    assert fetch(published, f"{good.url}/") == (content, f"{good.url}/")
    assert good.requests == ["/images-idx3-ubyte.gz"] * 2


@pytest.mark.parametrize("announced", [None, -1], ids=["length announced", "no length"])
def test_a_mirror_may_unwrap(mirror: Mirror, published: PublishedFile, content: bytes, announced: int | None) -> None:
    mirror.serve(published, content, announced=announced)

    assert fetch(published, mirror.url)[0] == content


def test_the_first_good_mirror_ends_the_search(
    mirror: Mirror, good: Mirror, published: PublishedFile, content: bytes
) -> None:
    assert fetch(published, good.url, mirror.url) == (content, good.url)
    assert mirror.requests == []


def flipped(body: bytes) -> bytes:
    return body[:1000] + bytes([body[1000] ^ 1]) + body[1001:]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (lambda mirror, file, body: None, "404"),
        (lambda mirror, file, body: mirror.serve(file, b"busy", status=500), "500"),
        (lambda mirror, file, body: mirror.serve(file, body[:-9], announced=len(body)), "IncompleteRead"),
        (lambda mirror, file, body: mirror.serve(file, body[:-9], announced=-1), "gzip wrapping is damaged"),
        (lambda mirror, file, body: mirror.serve(file, flipped(body)), "ChecksumError"),
        (lambda mirror, file, body: mirror.serve(file, gzip.compress(b"another file")), "found 12 bytes"),
        (lambda mirror, file, body: mirror.serve(file, gzip.compress(bytes(file.size))), "found SHA-256"),
        (lambda mirror, file, body: mirror.serve(file, b"<html>please log in</html>"), "found 26 bytes"),
        (lambda mirror, file, body: mirror.serve(file, b""), "found 0 bytes"),
        (lambda mirror, file, body: mirror.serve(file, bytes(1 << 20)), "sends more than"),
        (lambda mirror, file, body: mirror.serve(file, gzip.compress(bytes(30 << 20))), "found more bytes"),
    ],
    ids=[
        "not found",
        "server error",
        "cut short",
        "cut short, no length",
        "corrupt",
        "another file",
        "another content",
        "log-in page",
        "empty",
        "too long",
        "bomb",
    ],
)
def test_a_bad_mirror_is_named_and_the_next_one_asked(
    mirror: Mirror,
    good: Mirror,
    published: PublishedFile,
    content: bytes,
    bad: Callable[[Mirror, PublishedFile, bytes], None],
    reason: str,
) -> None:
    bad(mirror, published, gzip.compress(content))

    with pytest.raises(DownloadError) as caught:
        fetch(published, mirror.url)
    assert [url for url, _ in caught.value.reasons] == [f"{mirror.url}/images-idx3-ubyte.gz"]
    assert reason in caught.value.reasons[0][1]

    assert fetch(published, mirror.url, good.url) == (content, good.url)
    assert len(mirror.requests) == 2


@pytest.mark.parametrize("sent", [0, 100], ids=["before the first byte", "in the middle"])
def test_a_mirror_that_hangs_is_left(
    mirror: Mirror, good: Mirror, published: PublishedFile, content: bytes, sent: int
) -> None:
    over = threading.Event()

    def hang(handler: BaseHTTPRequestHandler) -> None:
        if sent:
            announce(handler, 10_000)
            handler.wfile.write(bytes(sent))
        over.wait(30)

    mirror.answer(published, hang)
    start = time.monotonic()

    assert fetch(published, mirror.url, good.url, timeout=2) == (content, good.url)

    assert time.monotonic() - start < 25  # it hangs for 30
    over.set()


def test_an_endless_body_is_left(mirror: Mirror, good: Mirror, published: PublishedFile, content: bytes) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        announce(handler, 1 << 40)
        while True:
            handler.wfile.write(bytes(1 << 16))

    mirror.answer(published, endless)

    assert fetch(published, mirror.url, good.url) == (content, good.url)


def test_no_mirror_answers(published: PublishedFile) -> None:
    mirrors = [refused_url(), refused_url(), "gopher://127.0.0.1"]

    with pytest.raises(DownloadError) as caught:
        fetch(published, *mirrors)

    message = str(caught.value)
    assert [url for url, _ in caught.value.reasons] == [f"{mirror}/images-idx3-ubyte.gz" for mirror in mirrors]
    assert message.startswith("no mirror gave images-idx3-ubyte\n")
    for mirror in mirrors:
        assert f"  {mirror}/images-idx3-ubyte.gz\n    " in message
    assert "refused" in message
    assert "Max retries" not in message  # nobody asked for retries
    for way_out in ("TAPEGRAD_DATA", "--data-dir", "data_dir="):
        assert way_out in message
    assert isinstance(caught.value, OSError)


def test_no_mirrors_at_all(published: PublishedFile) -> None:
    with pytest.raises(ValueError, match="mirrors is empty"):
        fetch(published)


def test_progress_is_shown_on_standard_error(
    good: Mirror, published: PublishedFile, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch(published, good.url)

    shown = capsys.readouterr()
    assert shown.out == ""
    assert "images-idx3-ubyte" in shown.err
