from __future__ import annotations

import gzip
import io

import pytest
from hypothesis import given, strategies as st

from tapegrad.datasets.content import GzipError, open_content, read_at_most


@given(st.binary(max_size=300).filter(lambda content: content[:2] != b"\x1f\x8b"), st.booleans(), st.integers(0, 400))
def test_reads_so_many_bytes_or_all(content: bytes, gzipped: bool, count: int) -> None:
    stream, most = open_content(io.BytesIO(gzip.compress(content) if gzipped else content))

    assert most >= len(content)
    assert read_at_most(stream, count) == content[:count]


def test_no_gzip_file_holds_more_than_the_bound() -> None:
    zeros = bytes(10 << 20)

    _, most = open_content(io.BytesIO(gzip.compress(zeros, compresslevel=9)))

    assert len(zeros) <= most < 1.1 * len(zeros)


def test_two_gzip_members_are_one_content() -> None:
    stream, _ = open_content(io.BytesIO(gzip.compress(b"ab") + gzip.compress(b"cd")))

    assert read_at_most(stream, 10) == b"abcd"


def test_damage_is_told() -> None:
    stream, _ = open_content(io.BytesIO(gzip.compress(b"some content")[:-1]))

    with pytest.raises(GzipError, match="its gzip wrapping is damaged"):
        read_at_most(stream, 100)
