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
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .content import GzipError, open_content, read_at_most
from .errors import IdxError

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
    header = f"{name}: its header declares shape {shape} of {dtype.name}, {declared} bytes of numbers"
    possible = most - 4 - 4 * rank
    if declared > possible:
        raise IdxError(f"{header}; a file of this size has at most {possible}")

    numbers = read_at_most(stream, declared + 1)
    if len(numbers) != declared:
        raise IdxError(f"{header}; found {'more' if len(numbers) > declared else len(numbers)}")
    try:
        array = np.frombuffer(numbers, dtype).reshape(shape)
    except ValueError as error:  # a zero among sizes whose product NumPy cannot hold
        raise IdxError(f"{header}; NumPy cannot hold this shape ({error})") from error
    return array.astype(dtype.newbyteorder("="), copy=False)
