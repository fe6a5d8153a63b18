from __future__ import annotations

import gzip
import os
import tracemalloc
from collections.abc import Callable
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from tapegrad.datasets import IdxError, read_idx, write_idx
from tapegrad.datasets.mapping import MappedIdx, plain_file

if TYPE_CHECKING:
    from .conftest import Encode

DTYPES = st.sampled_from([np.uint8, np.int8, np.int16, np.int32, np.float32, np.float64])
ARRAYS = DTYPES.flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
SMALL = np.arange(6, dtype=np.int16).reshape(2, 3)


@given(ARRAYS)
def test_a_mapped_array_is_the_one_that_is_read(
    tmp_path_factory: pytest.TempPathFactory, encode: Encode, array: NDArray[Any]
) -> None:
    path = tmp_path_factory.mktemp("idx") / "numbers"
    path.write_bytes(encode(array))

    mapped = MappedIdx(path).array

    assert type(mapped) is np.ndarray
    assert mapped.shape == array.shape
    assert mapped.dtype.newbyteorder("=") == array.dtype
    assert mapped.astype(array.dtype).tobytes() == read_idx(path).tobytes() == array.tobytes()
    assert not mapped.flags.writeable


@given(ARRAYS)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, encode: Encode, array: NDArray[Any]) -> None:
    path = tmp_path_factory.mktemp("idx") / "numbers"

    write_idx(path, array)

    assert path.read_bytes() == encode(array)


def test_views_and_other_byte_orders_are_written_too(tmp_path: Path, encode: Encode) -> None:
    array = np.arange(24, dtype=">i4").reshape(2, 3, 4)[:, ::-1].T

    write_idx(tmp_path / "numbers", array)

    assert (tmp_path / "numbers").read_bytes() == encode(np.ascontiguousarray(array, dtype=np.int32))


@pytest.mark.parametrize("dtype", [np.int64, np.complex64, np.bool_, "U3"])
def test_numbers_that_idx_has_not(tmp_path: Path, dtype: Any) -> None:
    with pytest.raises(ValueError, match="expected numbers of uint8, int8, int16, int32, float32, float64; got"):
        write_idx(tmp_path / "numbers", np.zeros(3, dtype))
    assert list(tmp_path.iterdir()) == []


def test_cut_short_at_every_byte_and_bytes_to_spare(tmp_path: Path, encode: Encode) -> None:
    content = encode(SMALL)
    path = tmp_path / "digits.idx"

    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(IdxError, match=r"digits\.idx: .*(expected|declares)"):
            MappedIdx(path)
    path.write_bytes(content + b"0")
    with pytest.raises(IdxError, match=r"digits\.idx: .*found more"):
        MappedIdx(path)


def test_shapes_that_no_array_has(tmp_path: Path, header: Callable[..., bytes]) -> None:
    (tmp_path / "images").write_bytes(header(0x08, 0, 2**32 - 1, 2**32 - 1, 2**32 - 1))

    with pytest.raises(IdxError, match="NumPy cannot hold this shape"):
        MappedIdx(tmp_path / "images")


def test_gzip_cannot_be_mapped(tmp_path: Path, encode: Encode) -> None:
    (tmp_path / "images").write_bytes(gzip.compress(encode(SMALL)))

    with pytest.raises(IdxError, match="gzip cannot be mapped into memory; expected a plain IDX file"):
        MappedIdx(tmp_path / "images")


def test_pickled_as_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_idx(tmp_path / "images", np.zeros(100_000, np.uint8))
    monkeypatch.chdir(tmp_path)
    content = ForkingPickler.dumps(MappedIdx("images"))
    monkeypatch.chdir("/")

    assert len(content) < 1000
    assert ForkingPickler.loads(content).array.shape == (100_000,)


def test_a_plain_file_is_its_own_plain_file(tmp_path: Path) -> None:
    write_idx(tmp_path / "images", SMALL)

    assert plain_file(tmp_path / "images", tmp_path / "cache") == tmp_path / "images"
    assert not (tmp_path / "cache").exists()


def test_gzip_is_unpacked_once_and_again_when_it_changes(tmp_path: Path, encode: Encode) -> None:
    packed, cache = tmp_path / "images.gz", tmp_path / "cache"
    packed.write_bytes(gzip.compress(encode(SMALL)))

    unpacked = plain_file(packed, cache)
    assert unpacked.read_bytes() == encode(SMALL)
    inode = unpacked.stat().st_ino
    assert plain_file(packed, cache) == unpacked
    assert unpacked.stat().st_ino == inode

    packed.write_bytes(gzip.compress(encode(SMALL[::-1])))
    os.utime(packed, (1, 1))
    assert plain_file(packed, cache).read_bytes() == encode(SMALL[::-1])
    assert len(list((cache / "unpacked").iterdir())) == 2


def test_gzip_that_is_damaged_leaves_nothing(tmp_path: Path, encode: Encode) -> None:
    packed, cache = tmp_path / "images.gz", tmp_path / "cache"
    whole = gzip.compress(encode(SMALL))
    contents = [whole[:length] for length in range(2, len(whole))]
    contents += [gzip.compress(encode(SMALL)[:length]) for length in range(len(encode(SMALL)))]
    contents += [gzip.compress(encode(SMALL) + bytes(64 << 20))]  # a bomb

    for content in contents:
        packed.write_bytes(content)
        with pytest.raises(IdxError, match=r"images\.gz: .*(expected|declares)"):
            plain_file(packed, cache)
    assert not [path for path in cache.rglob("*") if path.is_file()]


def test_unpacking_takes_little_memory(tmp_path: Path, header: Callable[..., bytes]) -> None:
    (tmp_path / "images.gz").write_bytes(gzip.compress(header(0x08, 50_000, 28, 28) + bytes(50_000 * 784), 1))

    tracemalloc.start()
    try:
        path = plain_file(tmp_path / "images.gz", tmp_path / "cache")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert path.stat().st_size == 16 + 50_000 * 784
    assert peak < 8 << 20
