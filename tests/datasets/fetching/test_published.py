from __future__ import annotations

import gzip
import hashlib
import io

import pytest

from tapegrad.datasets import ChecksumError
from tapegrad.datasets.fetching.published import PublishedFile, PublishedGzip


def test_gzip_or_plain_is_the_same_content(published: PublishedFile, content: bytes) -> None:
    for raw in (content, gzip.compress(content, 1), gzip.compress(content, 9)):
        assert published.verified(io.BytesIO(raw), "somewhere") == content


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda content: content[:-1], "found 39215 bytes"),
        (lambda content: content + b"\0", "found more bytes"),
        (lambda content: content[:-1] + bytes([content[-1] ^ 1]), "found SHA-256 "),
        (lambda content: gzip.compress(content)[:-1], "gzip wrapping is damaged"),
        (lambda content: gzip.compress(bytes(50 << 20)), "found more bytes"),
        (lambda content: b"", "found 0 bytes"),
    ],
    ids=["cut", "longer", "one bit", "gzip cut", "bomb", "empty"],
)
def test_any_other_content_is_refused(published: PublishedFile, content: bytes, change: type, found: str) -> None:
    with pytest.raises(ChecksumError, match=r"^somewhere: expected images-idx3-ubyte, 39216 bytes") as caught:
        published.verified(io.BytesIO(change(content)), "somewhere")
    assert found in str(caught.value)


def test_a_gzip_file_is_verified_as_it_is(content: bytes) -> None:
    wrapped = gzip.compress(content)
    published = PublishedGzip("images-idx3-ubyte", len(wrapped), hashlib.sha256(wrapped).hexdigest())

    assert published.verified(io.BytesIO(wrapped), "somewhere") == content
    assert published.content_of(published.kept(io.BytesIO(wrapped), "somewhere")) == content
    assert b"".join(published.chunks(io.BytesIO(wrapped), "somewhere")) == content
    for other in (content, gzip.compress(content, 1), wrapped[:-1], wrapped + b"\0", b""):
        with pytest.raises(ChecksumError, match=rf"^somewhere: expected images-idx3-ubyte.gz, {len(wrapped)} bytes"):
            published.verified(io.BytesIO(other), "somewhere")
        with pytest.raises(ChecksumError):
            published.chunks(io.BytesIO(other), "somewhere")
