"""FashionMNIST and KMNIST: MNIST's code with other files, whose published checksums are those of the gzip files."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tapegrad.datasets import KMNIST, MNIST, CacheWarning, ChecksumError, DownloadError, FashionMNIST, MissingFilesError
from tapegrad.datasets.fetching.fetch import ENVIRONMENT_VARIABLE
from tapegrad.datasets.fetching.published import PublishedFile, PublishedGzip

if TYPE_CHECKING:
    from .conftest import Encode, Mirror

KINDS = [FashionMNIST, KMNIST]
PIXELS = np.random.default_rng(0).integers(0, 256, (6, 28, 28), dtype=np.uint8)
LABELS = np.array([3, 1, 4, 1, 5, 9], dtype=np.uint8)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> type[MNIST]:
    kind: type[MNIST] = request.param
    return kind


@pytest.fixture
def files(kind: type[MNIST], encode: Encode, monkeypatch: pytest.MonkeyPatch) -> dict[PublishedFile, bytes]:
    """A test set of six images, which the class takes for the published one: what is known of it is its gzip files."""
    published: dict[PublishedFile, bytes] = {}
    for name, array in [("t10k-images-idx3-ubyte", PIXELS), ("t10k-labels-idx1-ubyte", LABELS)]:
        wrapped = gzip.compress(encode(array), 1)
        published[PublishedGzip(name, len(wrapped), hashlib.sha256(wrapped).hexdigest())] = wrapped
    monkeypatch.setattr(kind, "test_files", tuple(published))
    return published


@pytest.fixture
def full_mirror(files: dict[PublishedFile, bytes], mirror: Mirror, no_named_folder: Path) -> Mirror:
    for file, body in files.items():
        mirror.serve(file, body)
    return mirror


def test_from_a_mirror_then_from_the_cache(kind: type[MNIST], full_mirror: Mirror, tmp_path: Path) -> None:
    for mirrors in ([full_mirror.url], []):
        dataset = kind(train=False, mirrors=mirrors)

        np.testing.assert_array_equal(dataset.images, PIXELS)
        np.testing.assert_array_equal(dataset.labels, LABELS)
        assert (dataset.classes, len(dataset.class_names)) == (10, 10)
    assert full_mirror.requests == ["/t10k-images-idx3-ubyte.gz", "/t10k-labels-idx1-ubyte.gz"]
    kept = list(tmp_path.rglob("t10k-*"))
    assert {path.parent.name for path in kept} == {kind.name}
    assert {path.name for path in kept} == {"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"}


def test_streaming(kind: type[MNIST], full_mirror: Mirror) -> None:
    dataset = kind(train=False, mirrors=[full_mirror.url], stream=True)

    np.testing.assert_array_equal(dataset.images, PIXELS)
    np.testing.assert_array_equal(dataset[2:4][0][:, 0], PIXELS[2:4] / np.float32(255))


def test_a_corrupt_file_in_the_cache(kind: type[MNIST], full_mirror: Mirror, tmp_path: Path) -> None:
    kind(train=False, mirrors=[full_mirror.url])
    [images] = tmp_path.rglob("t10k-images-idx3-ubyte.gz")
    images.write_bytes(images.read_bytes()[:-1])

    with pytest.warns(CacheWarning, match="corrupt file in the cache") as warned:
        dataset = kind(train=False, mirrors=[full_mirror.url])

    np.testing.assert_array_equal(dataset.images, PIXELS)
    assert warned[0].filename == __file__


def test_another_gzip_of_the_same_content_is_not_the_published_file(
    kind: type[MNIST], files: dict[PublishedFile, bytes], mirror: Mirror, no_named_folder: Path
) -> None:
    for file, body in files.items():
        mirror.serve(file, gzip.compress(gzip.decompress(body), 9))

    with pytest.raises(DownloadError, match="ChecksumError"):
        kind(train=False, mirrors=[mirror.url])


def test_a_folder_for_several_data_sets(
    kind: type[MNIST],
    files: dict[PublishedFile, bytes],
    tiny_mnist: dict[PublishedFile, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(MNIST, "train_files", tuple(tiny_mnist))
    for folder, contents in [("mnist", tiny_mnist), (kind.name, files)]:
        (tmp_path / folder).mkdir()
        for file, body in contents.items():
            (tmp_path / folder / f"{file.name}.gz").write_bytes(body)

    assert len(MNIST(data_dir=tmp_path)) == 7
    assert len(kind(train=False, data_dir=tmp_path)) == 6
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path))
    assert len(kind(train=False)) == 6
    assert len(kind(train=False, data_dir=tmp_path / kind.name)) == 6
    for file in files:
        (tmp_path / "mnist" / f"{file.name}.gz").write_bytes(b"MNIST's file of the same name")
    with pytest.raises(ChecksumError, match=r"expected t10k-images-idx3-ubyte.gz"):
        kind(train=False, data_dir=tmp_path / "mnist")


def test_a_plain_file_cannot_be_verified_so_it_is_not_looked_for(
    kind: type[MNIST], files: dict[PublishedFile, bytes], tmp_path: Path
) -> None:
    for file, body in files.items():
        (tmp_path / file.name).write_bytes(gzip.decompress(body))

    with pytest.raises(MissingFilesError, match=r"looked for t10k-images-idx3-ubyte.gz\)"):
        kind(train=False, data_dir=tmp_path)


def test_download_forbidden(kind: type[MNIST], no_named_folder: Path) -> None:
    with pytest.raises(MissingFilesError, match="download=False"):
        kind(download=False)


def test_the_table_of_files_is_not_mnists(kind: type[MNIST]) -> None:
    files = [*kind.train_files, *kind.test_files]

    assert [file.name for file in files] == [file.name for file in (*MNIST.train_files, *MNIST.test_files)]
    assert len({file.sha256 for file in (*files, *MNIST.train_files, *MNIST.test_files)}) == 8
    assert all(len(bytes.fromhex(file.sha256)) == 32 and file.size > 5000 for file in files)
