"""What the tests of data share: an IDX writer of their own, and a real mirror on 127.0.0.1 that can misbehave."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad.datasets.fetching.fetch import ENVIRONMENT_VARIABLE
from tapegrad.datasets.fetching.published import PublishedFile

CODES = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}

Encode: TypeAlias = Callable[[NDArray[Any]], bytes]
Answer: TypeAlias = Callable[[BaseHTTPRequestHandler], None]


def idx_header(code: int, *sizes: int) -> bytes:
    return bytes([0, 0, code, len(sizes)]) + b"".join(size.to_bytes(4, "big") for size in sizes)


@pytest.fixture(scope="session")
def header() -> Callable[..., bytes]:
    """The header of an IDX file: `header(code, *sizes)`."""
    return idx_header


@pytest.fixture(scope="session")
def encode() -> Encode:
    """An array as the bytes of an IDX file."""

    def encode_idx(array: NDArray[Any]) -> bytes:
        return idx_header(CODES[array.dtype.name], *array.shape) + array.astype(array.dtype.newbyteorder(">")).tobytes()

    return encode_idx


class Mirror:
    """A mirror at `url`: gives what was put there, and what else it is told to do; `requests` are the paths asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[str] = []
        self.answers: dict[str, Answer] = {}

    def serve(self, file: PublishedFile, body: bytes, *, announced: int | None = None, status: int = 200) -> None:
        """Answer with `body`, announcing its length or another; -1 announces none."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            length = len(body) if announced is None else announced
            if length >= 0:
                handler.send_header("Content-Length", str(length))
            handler.end_headers()
            handler.wfile.write(body)

        self.answer(file, answer)

    def answer(self, file: PublishedFile, answer: Answer) -> None:
        self.answers[f"/{file.name}.gz"] = answer


def not_found(handler: BaseHTTPRequestHandler) -> None:
    handler.send_error(404)


@pytest.fixture
def new_mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Mirror]]:
    """Start a local web server, as many as a test needs."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    servers: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start() -> Mirror:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                started.requests.append(self.path)
                try:
                    started.answers.get(self.path, not_found)(self)
                except OSError:
                    self.close_connection = True  # the client went away: some tests are about that

            def log_message(self, format: str, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        started = Mirror(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
        return started

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def mirror(new_mirror: Callable[[], Mirror]) -> Mirror:
    return new_mirror()


@pytest.fixture
def content(encode: Encode) -> bytes:
    """A small IDX file, too random for gzip to make it much smaller."""
    return encode(np.random.default_rng(0).integers(0, 256, (50, 28, 28), dtype=np.uint8))


@pytest.fixture
def published(content: bytes) -> PublishedFile:
    return publish("images-idx3-ubyte", content)


def publish(name: str, content: bytes) -> PublishedFile:
    return PublishedFile(name, len(content), hashlib.sha256(content).hexdigest())


@pytest.fixture
def tiny_mnist(encode: Encode) -> dict[PublishedFile, bytes]:
    """A training set of seven images: the two files and the gzip that a mirror gives for them."""
    images = encode(np.arange(7 * 28 * 28, dtype=np.uint64).astype(np.uint8).reshape(7, 28, 28))
    labels = encode(np.array([5, 0, 4, 1, 9, 2, 1], dtype=np.uint8))
    return {
        publish(name, content): gzip.compress(content)
        for name, content in [("train-images-idx3-ubyte", images), ("train-labels-idx1-ubyte", labels)]
    }


@pytest.fixture
def no_named_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No TAPEGRAD_DATA, and an empty cache folder for this test."""
    monkeypatch.delenv(ENVIRONMENT_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user-cache"))
    return tmp_path / "cache"
