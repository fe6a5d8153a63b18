from __future__ import annotations

import gzip
import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tapegrad
from tapegrad.datasets import CacheWarning, ChecksumError, DownloadError, MissingFilesError
from tapegrad.datasets.fetching.fetch import ENVIRONMENT_VARIABLE, fetch
from tapegrad.datasets.fetching.published import PublishedFile
from tapegrad.datasets.optional import import_optional

if TYPE_CHECKING:
    from ..conftest import Mirror

SOURCE = Path(tapegrad.__file__).parent.parent

FETCH = """
import hashlib, sys
from tapegrad.datasets.fetching.fetch import fetch
from tapegrad.datasets.optional import import_optional
from tapegrad.datasets.fetching.published import PublishedFile

name, size, sha256, mirror, cache = sys.argv[1:]
file = PublishedFile(name, int(size), sha256)
[content] = fetch([file], dataset="digits", mirrors=[mirror], cache_dir=cache, timeout=30)
print(hashlib.sha256(content).hexdigest())
"""


def start_fetching(file: PublishedFile, mirror: str, cache: Path) -> subprocess.Popen[str]:
    arguments = [file.name, str(file.size), file.sha256, mirror, str(cache)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", FETCH, *arguments]
    return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def cache(no_named_folder: Path) -> Path:
    return no_named_folder


@pytest.fixture
def labels() -> PublishedFile:
    return PublishedFile("labels-idx1-ubyte", 5, hashlib.sha256(b"label").hexdigest())


@pytest.fixture
def full_mirror(mirror: Mirror, published: PublishedFile, content: bytes, labels: PublishedFile) -> Mirror:
    mirror.serve(published, gzip.compress(content))
    mirror.serve(labels, gzip.compress(b"label"))
    return mirror


def test_mirrors_fill_the_cache_and_the_cache_is_enough(
    full_mirror: Mirror, cache: Path, published: PublishedFile, content: bytes, labels: PublishedFile
) -> None:
    for _ in range(2):
        found = fetch([labels, published], dataset="digits", mirrors=[full_mirror.url], cache_dir=cache)
        assert found == [b"label", content]

    assert files_in(cache / "digits") == {published.name: content, labels.name: b"label"}
    assert len(full_mirror.requests) == 2


def test_the_cache_is_the_users_cache_folder(
    mirror: Mirror, no_named_folder: Path, published: PublishedFile, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.serve(published, content)

    fetch([published], dataset="digits", mirrors=[mirror.url])

    assert (import_optional("pooch").os_cache("tapegrad") / "digits" / published.name).read_bytes() == content


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("gzipped", [False, True])
def test_a_named_folder_comes_first(
    full_mirror: Mirror,
    cache: Path,
    published: PublishedFile,
    content: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
    gzipped: bool,
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / f"{published.name}{suffix}").write_bytes(gzip.compress(content) if gzipped else content)
    (tmp_path / "empty").mkdir()

    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(folder))
    assert fetch([published], dataset="digits", mirrors=[full_mirror.url], cache_dir=cache) == [content]

    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path / "empty"))
    assert fetch([published], dataset="d", mirrors=[full_mirror.url], cache_dir=cache, data_dir=folder) == [content]

    assert full_mirror.requests == []
    assert not cache.exists()


def test_home_is_understood(
    published: PublishedFile, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / published.name).write_bytes(content)

    assert fetch([published], dataset="digits", mirrors=[], data_dir="~") == [content]


def test_an_empty_variable_names_no_folder(
    full_mirror: Mirror, cache: Path, published: PublishedFile, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "")

    assert fetch([published], dataset="digits", mirrors=[full_mirror.url], cache_dir=cache) == [content]


@pytest.mark.parametrize("named_by", ["data_dir", ENVIRONMENT_VARIABLE])
def test_a_named_folder_that_lacks_files(
    full_mirror: Mirror,
    published: PublishedFile,
    labels: PublishedFile,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    named_by: str,
) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path))

    with pytest.raises(MissingFilesError) as caught:
        fetch(
            [published, labels],
            dataset="digits",
            mirrors=[full_mirror.url],
            data_dir=tmp_path if named_by == "data_dir" else None,
        )

    message = str(caught.value)
    for part in (tmp_path, named_by, *published.names, *labels.names):
        assert str(part) in message
    assert isinstance(caught.value, FileNotFoundError)
    assert full_mirror.requests == []

    (tmp_path / "labels-idx1-ubyte.gz").write_bytes(gzip.compress(b"label"))
    with pytest.raises(MissingFilesError) as caught:
        fetch([published, labels], dataset="digits", mirrors=[], data_dir=tmp_path)
    assert published.name in str(caught.value)
    assert labels.name not in str(caught.value)


def test_a_named_folder_that_is_not_there(published: PublishedFile, tmp_path: Path) -> None:
    with pytest.raises(MissingFilesError, match=r"nowhere, named by data_dir, is not a folder"):
        fetch([published], dataset="digits", mirrors=[], data_dir=tmp_path / "nowhere")


def test_a_wrong_file_in_a_named_folder_is_refused(
    full_mirror: Mirror, cache: Path, published: PublishedFile, content: bytes, tmp_path: Path
) -> None:
    wrong = bytearray(content)
    wrong[1000] ^= 1
    (tmp_path / published.name).write_bytes(wrong)
    (tmp_path / f"{published.name}.gz").write_bytes(gzip.compress(content))

    with pytest.raises(ChecksumError) as caught:
        fetch([published], dataset="d", mirrors=[full_mirror.url], data_dir=tmp_path, cache_dir=cache)

    assert str(tmp_path / published.name) in str(caught.value)
    assert full_mirror.requests == []
    assert (tmp_path / published.name).read_bytes() == wrong


@pytest.mark.parametrize("damage", [lambda good: good[:100], lambda good: good[:-1] + b"!", lambda good: b""])
def test_a_corrupt_file_in_the_cache_is_told_and_replaced(
    full_mirror: Mirror,
    cache: Path,
    published: PublishedFile,
    content: bytes,
    labels: PublishedFile,
    damage: Callable[[bytes], bytes],
) -> None:
    (cache / "digits").mkdir(parents=True)
    (cache / "digits" / published.name).write_bytes(damage(content))
    (cache / "digits" / labels.name).write_bytes(b"label")

    with pytest.warns(CacheWarning, match="corrupt file in the cache, downloading it again") as warned:
        found = fetch([published, labels], dataset="digits", mirrors=[full_mirror.url], cache_dir=cache)

    assert found == [content, b"label"]
    assert str(cache / "digits" / published.name) in str(warned[0].message)
    assert files_in(cache / "digits") == {published.name: content, labels.name: b"label"}
    assert full_mirror.requests == [f"/{published.name}.gz"]


def test_the_cache_is_as_it_was_when_no_mirror_helps(
    mirror: Mirror, cache: Path, published: PublishedFile, labels: PublishedFile
) -> None:
    before = {published.name: b"corrupt", labels.name: b"label"}
    (cache / "digits").mkdir(parents=True)
    for name, content in before.items():
        (cache / "digits" / name).write_bytes(content)
    mirror.serve(published, b"corrupt as well")

    with pytest.warns(CacheWarning), pytest.raises(DownloadError):
        fetch([labels, published], dataset="digits", mirrors=[mirror.url], cache_dir=cache)

    assert files_in(cache / "digits") == before


def test_what_did_come_is_kept(
    mirror: Mirror, cache: Path, published: PublishedFile, content: bytes, labels: PublishedFile
) -> None:
    mirror.serve(published, gzip.compress(content))

    with pytest.raises(DownloadError, match=labels.name):
        fetch([published, labels], dataset="digits", mirrors=[mirror.url], cache_dir=cache)

    assert files_in(cache / "digits") == {published.name: content}


def test_the_mirror_that_helped_is_asked_first_for_the_next_file(
    full_mirror: Mirror,
    new_mirror: Callable[[], Mirror],
    cache: Path,
    published: PublishedFile,
    labels: PublishedFile,
) -> None:
    dead = new_mirror()

    fetch([published, labels], dataset="digits", mirrors=[dead.url, full_mirror.url], cache_dir=cache)

    assert dead.requests == [f"/{published.name}.gz"]


def test_download_forbidden(
    full_mirror: Mirror, cache: Path, published: PublishedFile, content: bytes, labels: PublishedFile
) -> None:
    with pytest.raises(MissingFilesError, match=r"looked for .*download=False"):
        fetch([published], dataset="digits", mirrors=[full_mirror.url], cache_dir=cache, download=False)

    (cache / "digits").mkdir(parents=True)
    (cache / "digits" / published.name).write_bytes(content)
    found = fetch([published], dataset="digits", mirrors=[full_mirror.url], cache_dir=cache, download=False)
    assert found == [content]

    (cache / "digits" / published.name).write_bytes(content[:-1])
    with pytest.raises(ChecksumError):
        fetch([published], dataset="digits", mirrors=[full_mirror.url], cache_dir=cache, download=False)
    assert full_mirror.requests == []


def test_a_cache_that_cannot_be_written_costs_only_a_warning(
    full_mirror: Mirror, cache: Path, published: PublishedFile, content: bytes
) -> None:
    cache.write_bytes(b"a file where the folder should be")

    with pytest.warns(CacheWarning, match="could not be kept in the cache"):
        found = fetch([published], dataset="digits", mirrors=[full_mirror.url], cache_dir=cache)

    assert found == [content]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_process_killed_while_it_downloads_leaves_the_cache_whole(
    mirror: Mirror, cache: Path, published: PublishedFile, content: bytes, labels: PublishedFile
) -> None:
    before = {published.name: content[:1000], labels.name: b"label"}
    (cache / "digits").mkdir(parents=True)
    for name, old in before.items():
        (cache / "digits" / name).write_bytes(old)
    body = gzip.compress(content)
    half_sent, killed = threading.Event(), threading.Event()

    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])
        half_sent.set()
        killed.wait(60)

    mirror.answer(published, half)
    with start_fetching(published, mirror.url, cache) as process:
        assert half_sent.wait(60)
        process.kill()
    killed.set()

    assert process.returncode == -signal.SIGKILL
    assert files_in(cache / "digits") == before
    mirror.serve(published, body)
    with pytest.warns(CacheWarning):
        assert fetch([published], dataset="digits", mirrors=[mirror.url], cache_dir=cache) == [content]


def test_two_processes_at_once(mirror: Mirror, cache: Path, published: PublishedFile, content: bytes) -> None:
    both_ask = threading.Barrier(2, timeout=60)
    body = gzip.compress(content)

    def wait_for_the_other(handler: BaseHTTPRequestHandler) -> None:
        both_ask.wait()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    mirror.answer(published, wait_for_the_other)
    processes = [start_fetching(published, mirror.url, cache) for _ in range(2)]

    for process in processes:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert out.strip() == published.sha256
    assert files_in(cache / "digits") == {published.name: content}
    assert len(mirror.requests) == 2
