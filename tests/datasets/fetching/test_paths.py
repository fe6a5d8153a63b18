from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tapegrad.datasets import CacheWarning, ChecksumError, MissingFilesError
from tapegrad.datasets.fetching.paths import fetch_paths
from tapegrad.datasets.fetching.published import PublishedFile

if TYPE_CHECKING:
    from ..conftest import Mirror

Fetch = Callable[..., Path]


@pytest.fixture
def fetch(published: PublishedFile, no_named_folder: Path) -> Fetch:
    def fetch_one(mirrors: list[str] | None = None, **options: object) -> Path:
        options = {"cache_dir": no_named_folder, **options}
        [path] = fetch_paths([published], dataset="digits", mirrors=mirrors or [], **options)  # type: ignore[arg-type]
        return path

    return fetch_one


def test_a_plain_file_in_a_named_folder_stays_where_it_is(
    fetch: Fetch, published: PublishedFile, content: bytes, tmp_path: Path, no_named_folder: Path
) -> None:
    (tmp_path / published.name).write_bytes(content)

    assert fetch(data_dir=tmp_path) == tmp_path / published.name
    assert not no_named_folder.exists()


def test_gzip_in_a_named_folder_is_unpacked_once(
    fetch: Fetch, published: PublishedFile, content: bytes, tmp_path: Path, no_named_folder: Path
) -> None:
    (tmp_path / f"{published.name}.gz").write_bytes(gzip.compress(content))

    path = fetch(data_dir=tmp_path)
    inode = path.stat().st_ino

    assert path == no_named_folder / "digits" / published.name
    assert path.read_bytes() == content
    assert fetch(data_dir=tmp_path).stat().st_ino == inode
    path.write_bytes(content[:-1])  # damaged meanwhile
    assert fetch(data_dir=tmp_path).read_bytes() == content


@pytest.mark.parametrize("packed", [True, False])
def test_what_is_not_the_published_file_is_refused(
    fetch: Fetch, published: PublishedFile, content: bytes, tmp_path: Path, no_named_folder: Path, packed: bool
) -> None:
    other = content[:-1] + bytes([content[-1] ^ 1])
    (tmp_path / published.name).write_bytes(gzip.compress(other) if packed else other)

    with pytest.raises(ChecksumError, match="expected images-idx3-ubyte, 39216 bytes"):
        fetch(data_dir=tmp_path)
    assert not [path for path in no_named_folder.rglob("*") if path.is_file()]


def test_a_named_folder_that_lacks_it(fetch: Fetch, tmp_path: Path) -> None:
    with pytest.raises(MissingFilesError, match=r"lacks images-idx3-ubyte .*the folder is named by data_dir"):
        fetch(data_dir=tmp_path)


def test_from_a_mirror_then_from_the_cache(
    fetch: Fetch, published: PublishedFile, content: bytes, mirror: Mirror
) -> None:
    mirror.serve(published, gzip.compress(content))

    path = fetch([mirror.url])

    assert path.read_bytes() == content
    assert fetch() == path
    assert len(mirror.requests) == 1
    path.write_bytes(b"damaged")
    with pytest.warns(CacheWarning, match="corrupt file in the cache"):
        assert fetch([mirror.url]).read_bytes() == content


def test_download_forbidden(fetch: Fetch) -> None:
    with pytest.raises(MissingFilesError, match="download=False forbids"):
        fetch(download=False)


def test_a_cache_that_cannot_be_written(
    fetch: Fetch, published: PublishedFile, content: bytes, mirror: Mirror, tmp_path: Path
) -> None:
    mirror.serve(published, gzip.compress(content))
    (tmp_path / "occupied").write_bytes(b"")

    with (
        pytest.warns(CacheWarning, match="could not be kept"),
        pytest.raises(MissingFilesError, match=r"lacks images-idx3-ubyte .*mapped into memory from there"),
    ):
        fetch([mirror.url], cache_dir=tmp_path / "occupied")
