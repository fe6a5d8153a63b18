from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tapegrad.datasets import EMNIST, CacheWarning, ChecksumError, DownloadError, MissingFilesError
from tapegrad.datasets.fetching.published import PublishedArchive

if TYPE_CHECKING:
    from .conftest import Encode, Mirror

PIXELS = np.random.default_rng(0).integers(0, 256, (5, 28, 28), dtype=np.uint8)
LABELS = {"letters": [1, 26, 3, 3, 7], "balanced": [0, 46, 10, 36, 9]}


@pytest.fixture
def archive(encode: Encode, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """An archive with two test sets of five images, which EMNIST takes for the published one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for split, labels in LABELS.items():
            for part, array in [("images-idx3", PIXELS), ("labels-idx1", np.array(labels, dtype=np.uint8))]:
                packed.writestr(f"gzip/emnist-{split}-test-{part}-ubyte.gz", gzip.compress(encode(array)))
            packed.writestr(f"gzip/emnist-{split}-mapping.txt", "0 48\n")
    content = buffer.getvalue()
    published = PublishedArchive("gzip.zip", len(content), hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(EMNIST, "archive", published)
    return content


@pytest.fixture
def full_mirror(archive: bytes, mirror: Mirror, no_named_folder: Path) -> Mirror:
    mirror.answers["/gzip.zip"] = answer(archive)
    return mirror


def answer(body: bytes, announced: int | None = None) -> Callable[[BaseHTTPRequestHandler], None]:
    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body) if announced is None else announced))
        handler.end_headers()
        handler.wfile.write(body)

    return send


def test_from_a_mirror_then_from_the_cache(full_mirror: Mirror, archive: bytes, tmp_path: Path) -> None:
    for mirrors in ([full_mirror.url], []):
        letters = EMNIST("letters", train=False, mirrors=mirrors)

        np.testing.assert_array_equal(letters.images, PIXELS.transpose(0, 2, 1))
        assert letters.labels.tolist() == [0, 25, 2, 2, 6]
        assert [letters.class_names[label] for label in letters.labels] == ["a", "z", "c", "c", "g"]
        assert (letters.classes, letters.split, letters.shape) == (26, "letters", (1, 28, 28))
    assert full_mirror.requests == ["/gzip.zip"]
    [kept] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert (kept.parent.name, kept.name, kept.read_bytes()) == ("emnist", "gzip.zip", archive)


def test_the_other_splits_come_from_the_same_archive(full_mirror: Mirror) -> None:
    EMNIST("letters", train=False, mirrors=[full_mirror.url])

    balanced = EMNIST("balanced", train=False, download=False)

    assert [balanced.class_names[label] for label in balanced.labels] == ["0", "t", "A", "a", "9"]


def test_class_names() -> None:
    assert {split: len(names) for split, names in EMNIST.splits.items()} == {
        "byclass": 62,
        "bymerge": 47,
        "balanced": 47,
        "letters": 26,
        "digits": 10,
        "mnist": 10,
    }
    for split in ("byclass", "balanced"):
        assert sorted(EMNIST.splits[split]) == list(EMNIST.splits[split])  # in the order of their codes
    assert set(EMNIST.splits["byclass"]) - set(EMNIST.splits["bymerge"]) == set("cijklmopsuvwxyz")


def test_from_a_folder(archive: bytes, tmp_path: Path) -> None:
    (tmp_path / "emnist").mkdir()
    (tmp_path / "emnist" / "gzip.zip").write_bytes(archive)

    assert len(EMNIST("letters", train=False, data_dir=tmp_path)) == 5
    assert len(EMNIST("letters", train=False, data_dir=tmp_path / "emnist")) == 5
    (tmp_path / "emnist" / "gzip.zip").write_bytes(archive[:-10])
    with pytest.raises(ChecksumError, match=rf"expected gzip.zip, {len(archive)} bytes.*; found {len(archive) - 10} "):
        EMNIST("letters", train=False, data_dir=tmp_path)


@pytest.mark.parametrize("damage", [lambda good: good[:-10], lambda good: b"?" + good[1:], lambda good: b""])
def test_a_corrupt_archive_in_the_cache_is_told_and_replaced(
    full_mirror: Mirror, archive: bytes, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    EMNIST("letters", train=False, mirrors=[full_mirror.url])
    [kept] = tmp_path.rglob("gzip.zip")
    kept.write_bytes(damage(archive))

    with pytest.raises(ChecksumError):
        EMNIST("letters", train=False, download=False)
    with pytest.warns(CacheWarning, match="corrupt file in the cache, downloading it again") as warned:
        letters = EMNIST("letters", train=False, mirrors=[full_mirror.url])

    assert warned[0].filename == __file__
    assert len(letters) == 5
    assert kept.read_bytes() == archive


def test_bad_mirrors_leave_nothing_and_the_next_is_asked(
    full_mirror: Mirror, new_mirror: Callable[[], Mirror], archive: bytes, tmp_path: Path
) -> None:
    cut, other, bomb, longer = (new_mirror() for _ in range(4))
    cut.answers["/gzip.zip"] = answer(archive[:-10], announced=len(archive))
    other.answers["/gzip.zip"] = answer(b"<html>moved</html>")
    bomb.answers["/gzip.zip"] = answer(archive + bytes(1 << 20))
    longer.answers["/gzip.zip"] = answer(archive + bytes(100))
    bad = [cut.url, other.url, bomb.url, longer.url]

    with pytest.raises(DownloadError) as caught:
        EMNIST("letters", train=False, mirrors=bad)

    expected = ["IncompleteRead", "found 18 bytes", "sends more than", "found more bytes"]
    for reason, (url, found), mirror in zip(expected, caught.value.reasons, bad, strict=True):
        assert url == f"{mirror}/gzip.zip"
        assert reason in found
    assert "If you have gzip.zip in some folder" in str(caught.value)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert len(EMNIST("letters", train=False, mirrors=[*bad, full_mirror.url])) == 5


def test_download_forbidden(archive: bytes, no_named_folder: Path) -> None:
    with pytest.raises(MissingFilesError, match=r"lacks gzip.zip \(looked for gzip.zip\); download=False"):
        EMNIST("letters", download=False)


def test_a_split_that_is_not_there() -> None:
    with pytest.raises(ValueError, match=r"split: expected one of byclass, bymerge, .*, mnist; got 'all'"):
        EMNIST("all")
