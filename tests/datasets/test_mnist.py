from __future__ import annotations

import hashlib
import os
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tapegrad.datasets import MNIST, CacheWarning, DataLoader, MissingFilesError, transforms
from tapegrad.datasets.fetching.fetch import ENVIRONMENT_VARIABLE
from tapegrad.datasets.fetching.published import PublishedFile

if TYPE_CHECKING:
    from .conftest import Mirror

LABELS = [5, 0, 4, 1, 9, 2, 1]


@pytest.fixture
def tiny(
    tiny_mnist: dict[PublishedFile, bytes], mirror: Mirror, no_named_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Mirror:
    """A mirror with a training set of seven images, which MNIST takes for the published one."""
    images, labels = tiny_mnist
    monkeypatch.setattr(MNIST, "train_files", (images, labels))
    for file, body in tiny_mnist.items():
        mirror.serve(file, body)
    return mirror


def test_from_a_mirror_then_from_the_cache(tiny: Mirror) -> None:
    for mirrors in ([tiny.url], []):
        mnist = MNIST(mirrors=mirrors)

        assert len(mnist) == 7
        assert mnist.images.shape == (7, 28, 28)
        assert mnist.images.dtype == np.uint8
        assert mnist.images[0, 0, :3].tolist() == [0, 1, 2]
        assert mnist.labels.tolist() == LABELS
        assert mnist.labels.dtype == np.int64
        assert not mnist.images.flags.writeable
        assert not mnist.labels.flags.writeable
        assert (mnist.classes, mnist.shape) == (10, (1, 28, 28))
    assert len(tiny.requests) == 2


def test_from_a_folder(tiny: Mirror, tiny_mnist: dict[PublishedFile, bytes], tmp_path: Path) -> None:
    for file, body in tiny_mnist.items():
        (tmp_path / f"{file.name}.gz").write_bytes(body)

    assert MNIST(data_dir=tmp_path).labels.tolist() == LABELS
    assert tiny.requests == []


def test_streamed_from_the_cache(tiny: Mirror, no_named_folder: Path) -> None:
    for mirrors in ([tiny.url], []):
        streamed = MNIST(mirrors=mirrors, stream=True)
        held = MNIST(mirrors=mirrors)

        assert isinstance(streamed.images.base, np.ndarray)  # a part of the mapped file
        assert len(ForkingPickler.dumps(streamed)) < 2000 < len(ForkingPickler.dumps(held))
        for ours, theirs in zip(streamed[:], held[:], strict=True):
            np.testing.assert_array_equal(ours, theirs)
    assert len(tiny.requests) == 2


def test_a_folder_that_lacks_the_test_files(tmp_path: Path) -> None:
    with pytest.raises(MissingFilesError, match=r"t10k-images-idx3-ubyte.*t10k-labels-idx1-ubyte"):
        MNIST(train=False, data_dir=tmp_path)


def test_a_warning_about_the_cache_names_the_users_line(tiny: Mirror, no_named_folder: Path, tmp_path: Path) -> None:
    MNIST(mirrors=[tiny.url])
    [images] = tmp_path.rglob("train-images-idx3-ubyte")
    images.write_bytes(b"damaged")

    with pytest.warns(CacheWarning) as warned:
        MNIST(mirrors=[tiny.url])

    assert warned[0].filename == __file__


def test_download_forbidden(no_named_folder: Path) -> None:
    with pytest.raises(MissingFilesError, match="download=False"):
        MNIST(download=False)


def test_transform_reaches_the_batches(tiny: Mirror) -> None:
    mnist = MNIST(mirrors=[tiny.url], transform=transforms.Normalize(0.5, 0.25))

    [(images, labels)] = DataLoader(mnist, batch_size=7)

    np.testing.assert_allclose(images[:, 0], (mnist.images / 255 - 0.5) / 0.25, rtol=1e-6, atol=1e-6)
    assert images.dtype == np.float32
    assert labels.tolist() == LABELS


# The real files are 11 MB that a test run neither has by itself nor may download. Where TAPEGRAD_DATA names a folder,
# the tests of them exist; where it does not, they do not exist, rather than being skipped: all that the code does is
# tested above and in the other files without them. These check the table of names and sums in mnist.py.
if os.environ.get(ENVIRONMENT_VARIABLE):

    def test_the_real_files() -> None:
        train, test = MNIST(), MNIST(train=False)

        assert (train.images.shape, test.images.shape) == ((60_000, 28, 28), (10_000, 28, 28))
        assert train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
        assert test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
        # the MD5 sums published beside the files: over header and pixels, so the reader has lost nothing
        header = bytes.fromhex("00000803 0000ea60 0000001c 0000001c")
        md5 = hashlib.md5(header + train.images.tobytes(), usedforsecurity=False).hexdigest()
        assert md5 == "6bbc9ace898e44ae57da46a324031adb"

    def test_the_figures_for_standardising() -> None:
        train = MNIST(transform=transforms.Normalize(MNIST.mean, MNIST.std))

        images, _ = train[:]

        assert abs(images.mean(dtype=np.float64)) < 2e-4
        assert abs(images.std(dtype=np.float64) - 1) < 2e-4
