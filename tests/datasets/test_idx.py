from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from tapegrad.datasets import IdxError, read_idx
from tapegrad.datasets.idx import parse_idx

if TYPE_CHECKING:
    from .conftest import Encode

DTYPES = st.sampled_from([np.uint8, np.int8, np.int16, np.int32, np.float32, np.float64])
ARRAYS = DTYPES.flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4))
)
SMALL = np.arange(6, dtype=np.int16).reshape(2, 3)


def parse(content: bytes) -> NDArray[Any]:
    return parse_idx(io.BytesIO(content), "digits.idx")


@given(ARRAYS, st.booleans())
def test_any_array_comes_back(encode: Encode, array: NDArray[Any], gzipped: bool) -> None:
    content = encode(array)

    read = parse(gzip.compress(content) if gzipped else content)

    assert read.shape == array.shape
    assert read.dtype == array.dtype
    assert read.dtype.isnative
    assert read.tobytes() == array.tobytes()  # NaN and -0.0 too
    assert read.flags.writeable


@given(ARRAYS, st.booleans(), st.binary(min_size=1, max_size=20))
def test_bytes_to_spare(encode: Encode, array: NDArray[Any], gzipped: bool, spare: bytes) -> None:
    content = encode(array) + spare

    with pytest.raises(IdxError, match=r"digits\.idx: .*found more"):
        parse(gzip.compress(content) if gzipped else content)


@pytest.mark.parametrize("gzipped", [False, True])
def test_cut_short_at_every_byte(encode: Encode, gzipped: bool) -> None:
    content = gzip.compress(encode(SMALL)) if gzipped else encode(SMALL)

    for length in range(len(content)):
        with pytest.raises(IdxError, match=r"^digits\.idx: .*(expected|declares)"):
            parse(content[:length])
    np.testing.assert_array_equal(parse(content), SMALL)


def test_content_cut_short_inside_a_whole_gzip(encode: Encode) -> None:
    content = encode(SMALL)

    for length in range(len(content)):
        with pytest.raises(IdxError, match=r"^digits\.idx: "):
            parse(gzip.compress(content[:length]))


def test_a_changed_byte_in_a_gzip_file_never_gives_another_array(encode: Encode) -> None:
    content = gzip.compress(encode(SMALL))
    refused = 0

    for position in range(len(content)):
        damaged = bytearray(content)
        damaged[position] ^= 0x55
        try:
            np.testing.assert_array_equal(parse(bytes(damaged)), SMALL)  # some bytes of gzip's header tell nothing
        except IdxError:
            refused += 1
    assert refused >= len(content) - 7  # its time (4 bytes), flags about itself (2), operating system


def test_wrong_checksum_of_gzip(encode: Encode) -> None:
    content = bytearray(gzip.compress(encode(SMALL)))
    content[-8] ^= 1

    with pytest.raises(IdxError, match=r"gzip wrapping is damaged \(CRC"):
        parse(bytes(content))


@pytest.mark.parametrize(
    ("content", "came"),
    [
        (b"", "it is empty"),
        (gzip.compress(b"", mtime=0), "it is empty"),
        (b"\0\0\x08", "00 00 08"),
        (b"<!DOCTYPE html>", "3c 21 44 4f"),
        (b"\0\0\x0a\x01\0\0\0\0", "00 00 0a 01"),  # no such type
        (b"\0\1\x08\x01\0\0\0\0", "00 01 08 01"),
        (b"\x01\x03\x08\0\0\0\0\0", "01 03 08 00"),  # another byte order
        (b"PK\x03\x04", "50 4b 03 04"),  # zip
    ],
)
def test_not_idx(content: bytes, came: str) -> None:
    with pytest.raises(IdxError, match=r"digits\.idx: expected an IDX file, gzip or plain") as caught:
        parse(content)
    assert came in str(caught.value)


def peak_memory(call: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("gzipped", [False, True])
@pytest.mark.parametrize(
    "sizes", [(2**32 - 1,) * 4, (2**32 - 1,) * 64, (10**9,), (60_000, 28, 28), (0, 2**32 - 1, 2**32 - 1, 2**32 - 1)]
)
def test_absurd_sizes_take_no_memory(header: Callable[..., bytes], gzipped: bool, sizes: tuple[int, ...]) -> None:
    content = header(0x0E, *sizes) + bytes(100 if 0 not in sizes else 0)
    if gzipped:
        content = gzip.compress(content)

    def read() -> None:
        with pytest.raises(IdxError, match=r"digits\.idx: its header declares shape \(\d"):
            parse(content)

    assert peak_memory(read) < 3 << 20


@pytest.mark.parametrize("rank", [65, 255])
def test_more_dimensions_than_numpy_has(header: Callable[..., bytes], rank: int) -> None:
    with pytest.raises(IdxError, match=f"declares {rank} dimensions; NumPy holds at most 64"):
        parse(header(0x08, *[1] * rank) + b"\0")


def test_as_many_dimensions_as_numpy_has(header: Callable[..., bytes]) -> None:
    assert parse(header(0x08, *[1] * 64) + b"\7").shape == (1,) * 64


@pytest.mark.parametrize("sizes", [(16,), (2**32 - 1, 2**20)])
def test_gzip_bomb_takes_no_memory(header: Callable[..., bytes], sizes: tuple[int, ...]) -> None:
    bomb = gzip.compress(header(0x08, *sizes) + bytes(64 << 20))

    def read() -> None:
        with pytest.raises(IdxError, match=r"found more|at most"):
            parse(bomb)

    assert len(bomb) < 1 << 17
    assert peak_memory(read) < 3 << 20


def test_gzip_is_told_by_content_not_by_name(encode: Encode, tmp_path: Path) -> None:
    (tmp_path / "plain.gz").write_bytes(encode(SMALL))
    (tmp_path / "gzipped").write_bytes(gzip.compress(encode(SMALL)))

    np.testing.assert_array_equal(read_idx(tmp_path / "plain.gz"), SMALL)
    np.testing.assert_array_equal(read_idx(str(tmp_path / "gzipped")), SMALL)


def test_errors_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "labels").write_bytes(b"no labels")

    with pytest.raises(IdxError) as caught:
        read_idx(tmp_path / "labels")
    assert str(tmp_path / "labels") in str(caught.value)
    with pytest.raises(FileNotFoundError):
        read_idx(tmp_path / "images")
