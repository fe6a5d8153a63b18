from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tapegrad.datasets import DataLoader, IDXDataset, IdxError, ImageDataset, Subset, write_idx

if TYPE_CHECKING:
    from .conftest import Encode

PIXELS = np.random.default_rng(0).integers(0, 256, (60, 5, 4), dtype=np.uint8)
LABELS = np.arange(60, dtype=np.uint8) % 10


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    write_idx(tmp_path / "images", PIXELS)
    write_idx(tmp_path / "labels", LABELS)
    return tmp_path / "images", tmp_path / "labels"


def test_streamed_images_are_those_in_memory(files: tuple[Path, Path]) -> None:
    streamed, held = IDXDataset(*files, white=200), ImageDataset(PIXELS, LABELS, white=200)

    indices: list[Any] = [[3, 1, 3], slice(None), -1, LABELS == 3, []]
    for rows in indices:
        for ours, theirs in zip(streamed[rows], held[rows], strict=True):
            np.testing.assert_array_equal(ours, theirs)
            assert type(ours) is type(theirs)
            assert ours.dtype == theirs.dtype
    np.testing.assert_array_equal(streamed.images, PIXELS)
    assert not streamed.images.flags.writeable


def test_in_other_processes(files: tuple[Path, Path]) -> None:
    streamed = Subset(IDXDataset(*files), np.arange(10, 50))
    assert len(ForkingPickler.dumps(streamed.dataset)) < PIXELS.nbytes

    [alone, shared] = [list(DataLoader(streamed, 8, shuffle=True, workers=workers)) for workers in (0, 1)]

    for ours, theirs in zip(shared, alone, strict=True):
        np.testing.assert_array_equal(ours[0], theirs[0])
        np.testing.assert_array_equal(ours[1], theirs[1])


def test_gzip_goes_through_the_cache(tmp_path: Path, encode: Encode) -> None:
    for name, array in (("images.gz", PIXELS), ("labels.gz", LABELS)):
        (tmp_path / name).write_bytes(gzip.compress(encode(array)))

    dataset = IDXDataset(tmp_path / "images.gz", tmp_path / "labels.gz", cache_dir=tmp_path / "cache")

    np.testing.assert_array_equal(dataset.images, PIXELS)
    assert dataset.labels.tolist() == LABELS.tolist()
    assert [path.is_file() for path in (tmp_path / "cache" / "unpacked").iterdir()] == [True]


def test_a_file_of_300_megabytes_takes_few_of_them(tmp_path: Path, header: Callable[..., bytes]) -> None:
    length = 400_000
    with (tmp_path / "images").open("wb") as file:  # a sparse file: all zeros, no blocks
        file.write(header(0x08, length, 28, 28))
        file.truncate(16 + length * 784)
    with (tmp_path / "labels").open("wb") as file:
        file.write(header(0x08, length))
        file.truncate(8 + length)

    tracemalloc.start()
    try:
        loader = DataLoader(IDXDataset(tmp_path / "images", tmp_path / "labels"), 128, shuffle=True, prefetch=2)
        batches = iter(loader)
        shapes = {next(batches)[0].shape for _ in range(50)}
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert shapes == {(128, 1, 28, 28)}
    assert peak < 24 << 20  # labels and orders, 8 bytes an image; the images would be 313 MB


def test_files_that_do_not_belong_together(files: tuple[Path, Path], tmp_path: Path) -> None:
    write_idx(tmp_path / "fewer", LABELS[:-1])

    with pytest.raises(ValueError, match=r"got \(60, 5, 4\) and \(59,\)"):
        IDXDataset(files[0], tmp_path / "fewer")
    with pytest.raises(ValueError, match=r"got \(60,\) and \(60,\)"):
        IDXDataset(files[1], files[1])


def test_a_file_that_is_cut_short(files: tuple[Path, Path]) -> None:
    files[0].write_bytes(files[0].read_bytes()[:-1])

    with pytest.raises(IdxError, match=r"images: its header declares shape \(60, 5, 4\).*a file of this size has at"):
        IDXDataset(*files)
