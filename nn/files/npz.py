"""NumPy's own archive, a zip file of `.npy` files: what there is where nothing but NumPy is installed."""

from __future__ import annotations

import io
import json
import math
import os
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from .limits import MAX_DIRECTORY, NOTES, WeightsError, check_unpacked, refuse_twice

__all__ = ["DTYPES", "content", "read"]

DTYPES = (
    "bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64",
    "float16", "float32", "float64", "complex64", "complex128",
)  # fmt: skip
_ENCRYPTED = 1


def content(arrays: dict[str, NDArray[Any]], notes: dict[str, str]) -> bytes:
    """The content of a file that `np.load` reads as well.

    Raises:
        WeightsError: a dtype or a name that `read` would refuse.
    """
    if notes:
        arrays = {**arrays, NOTES: np.frombuffer(json.dumps(notes).encode(), np.uint8)}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            _check_name(name)
            _check_dtype(name, array.dtype)
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                npy.write_array(member, array, allow_pickle=False)
        directory = sum(len(entry.filename.encode()) + 46 for entry in archive.infolist())
    if directory > MAX_DIRECTORY:
        raise WeightsError(f"names take {directory} bytes, and more than {MAX_DIRECTORY} would not be read")
    return file.getvalue()


def read(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """The arrays and the notes; every size that the archive claims is checked before anything is unpacked."""
    with _InPieces(path) as file, zipfile.ZipFile(file) as archive:
        entries = {_name(entry): entry for entry in _checked(archive.infolist(), os.fstat(file.fileno()).st_size)}
        for name, entry in entries.items():
            with archive.open(entry) as member:
                _check_array(name, member, entry.file_size)
        arrays = {}
        for name, entry in entries.items():
            with archive.open(entry) as member:
                arrays[name] = npy.read_array(member, allow_pickle=False)
    notes = json.loads(arrays.pop(NOTES).tobytes()) if NOTES in arrays else {}
    if not isinstance(notes, dict) or not all(isinstance(note, str) for note in notes.values()):
        raise WeightsError(f"its notes ({NOTES}) are not texts by name")
    return arrays, notes


class _InPieces(io.FileIO):
    """A file that is read in pieces: zipfile takes a table of contents in one, as long as it says it is."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = os.fstat(self.fileno()).st_size - self.tell()
        if size > MAX_DIRECTORY:
            raise WeightsError(f"its table of contents has more than the {MAX_DIRECTORY} bytes that are read")
        return super().read(size)


def _checked(entries: list[zipfile.ZipInfo], size: int) -> list[zipfile.ZipInfo]:
    """The entries of an archive, none of them twice, unpacking to what such a file may."""
    refuse_twice(entry.filename for entry in entries)
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise WeightsError(f"{entry.filename!r:.80} is encrypted, or compressed in another way than NumPy does")
    packed = sum(entry.compress_size for entry in entries)
    if packed > size:
        raise WeightsError(f"its arrays should have {packed} bytes, and the file has {size}: they overlap")
    check_unpacked(sum(entry.file_size for entry in entries), size)
    return entries


def _name(entry: zipfile.ZipInfo) -> str:
    if not entry.filename.endswith(".npy"):
        raise WeightsError(f"it holds {entry.filename!r:.80}, which is no array")
    name = entry.filename.removesuffix(".npy")
    _check_name(name)
    return name


def _check_name(name: str) -> None:
    """Refuse what zip does not keep, and what an unpacking program would put outside its folder."""
    parts = PurePosixPath(name).parts
    if "\0" in name or "\\" in name or name.startswith("/") or ".." in parts or len(name.encode()) > 60_000:
        raise WeightsError(f"{name!r:.80} is no name for an array in an .npz file")


def _check_dtype(name: str, dtype: np.dtype[Any]) -> None:
    if dtype.name not in DTYPES:
        raise WeightsError(f"{name!r} is {dtype}; an .npz file of weights holds {', '.join(DTYPES)}")


def _check_array(name: str, member: IO[bytes], size: int) -> None:
    """Refuse a member whose header does not describe its bytes."""
    version = npy.read_magic(member)
    if version not in ((1, 0), (2, 0)):
        raise WeightsError(f"{name!r:.80} is of version {version} of the .npy format, which plain arrays do not need")
    header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = header(member)
    _check_dtype(name, dtype)
    follow = size - member.tell()
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != follow:
        raise WeightsError(f"{name!r:.80} should be {dtype} of shape {shape!s:.80}, and {follow} bytes follow")
