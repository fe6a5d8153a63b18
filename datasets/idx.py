"""The IDX format of the MNIST files: an array of any rank with a header of a few bytes.

    byte 0, 1   zero
    byte 2      type of the numbers: 08 uint8, 09 int8, 0b int16, 0c int32, 0d float32, 0e float64
    byte 3      number of dimensions d
    4 d bytes   the sizes, each a big-endian uint32
    the rest    the numbers, big-endian, last index fastest

Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", section "File formats".
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .content import GzipError, open_content, read_at_most
from .errors import IdxError
from .fetching.placing import write_atomically

_DTYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MAX_RANK = 64  # NumPy's


def read_idx(path: str | os.PathLike[str]) -> NDArray[Any]:
    """Read an IDX file, gzip or plain, into a new array of the machine's byte order.

    No more memory is taken than the file's content needs, whatever its header declares.

    Raises:
        IdxError: the file is not IDX, is cut short, has bytes to spare, or its gzip wrapping is damaged.
        OSError: the file cannot be opened.
    """
    with Path(path).open("rb") as file:
        return parse_idx(file, os.fspath(path))


def parse_idx(file: BinaryIO, name: str) -> NDArray[Any]:
    """Read an IDX array from a seekable binary file; `name` stands for it in errors.

    Raises:
        IdxError: as for `read_idx`.
    """
    try:
        return _parse(file, name)
    except GzipError as error:
        raise IdxError(f"{name}: expected an IDX file, gzip or plain; {error}") from error


def _parse(file: BinaryIO, name: str) -> NDArray[Any]:
    stream, most = open_content(file)
    header = read_header(stream, most, name)
    numbers = read_at_most(stream, header.nbytes + 1)
    if len(numbers) != header.nbytes:
        raise IdxError(f"{header.said}; found {'more' if len(numbers) > header.nbytes else len(numbers)}")
    array = header.shaped(np.frombuffer(numbers, header.dtype))
    return array.astype(header.dtype.newbyteorder("="), copy=False)


@dataclass(frozen=True)
class Header:
    """What an IDX file declares: `size` bytes of header, then numbers of a dtype and a shape.

    `said` tells it in errors.
    """

    size: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    said: str

    @property
    def nbytes(self) -> int:
        """Bytes of numbers."""
        return math.prod(self.shape) * self.dtype.itemsize

    def shaped(self, numbers: NDArray[Any]) -> NDArray[Any]:
        """The numbers, all of them, in their shape."""
        try:
            return numbers.reshape(self.shape)
        except ValueError as error:  # a zero among sizes whose product NumPy cannot hold
            raise IdxError(f"{self.said}; NumPy cannot hold this shape ({error})") from error


def read_header(stream: BinaryIO, most: int, name: str) -> Header:
    """Read the header of a stream whose content has at most `most` bytes; `name` stands for it in errors.

    Raises:
        IdxError: no IDX file, or one that declares more numbers than it can have.
        GzipError: its gzip wrapping is damaged.
    """
    magic = read_at_most(stream, 4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _DTYPES:
        codes = ", ".join(f"{code:02x}" for code in _DTYPES)
        came = f"it starts with {magic.hex(' ')} ({bytes(magic)!r})" if magic else "it is empty"
        raise IdxError(
            f"{name}: expected an IDX file, gzip or plain, whose content starts with 00 00, one of {codes}, "
            f"and the number of dimensions; {came}"
        )

    rank = magic[3]
    sizes = read_at_most(stream, 4 * rank)
    if len(sizes) < 4 * rank:
        raise IdxError(f"{name}: its header declares {rank} dimensions, {4 * rank} bytes of sizes; found {len(sizes)}")
    if rank > _MAX_RANK:
        raise IdxError(f"{name}: its header declares {rank} dimensions; NumPy holds at most {_MAX_RANK}")

    shape = tuple(int.from_bytes(sizes[i : i + 4], "big") for i in range(0, 4 * rank, 4))
    dtype = np.dtype(_DTYPES[magic[2]])
    declared = math.prod(shape) * dtype.itemsize
    said = f"{name}: its header declares shape {shape} of {dtype.name}, {declared} bytes of numbers"
    header = Header(4 + 4 * rank, dtype, shape, said)
    if declared > most - header.size:
        raise IdxError(f"{said}; a file of this size has at most {most - header.size}")
    return header


def write_idx(path: str | os.PathLike[str], array: NDArray[Any]) -> None:
    """Write an array as a plain IDX file, whole or not at all: what `read_idx` and `IDXDataset` read.

    Raises:
        ValueError: IDX has no numbers of this dtype, or no axes this long.
    """
    array = np.asarray(array)
    codes = {np.dtype(dtype).newbyteorder("="): code for code, dtype in _DTYPES.items()}
    code = codes.get(array.dtype.newbyteorder("="))
    if code is None:
        raise ValueError(f"expected numbers of {', '.join(dtype.name for dtype in codes)}; got {array.dtype}")
    if any(size >= 2**32 for size in array.shape):
        raise ValueError(f"expected axes shorter than 2**32; got shape {array.shape}")
    header = bytes([0, 0, code, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    write_atomically(Path(path), header + array.astype(_DTYPES[code]).tobytes())
