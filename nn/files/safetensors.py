"""The safetensors format: the length of a header in eight bytes, the header as JSON, the arrays' bytes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .limits import MAX_DIRECTORY, WeightsError, refuse_twice

__all__ = ["DTYPES", "content", "read"]

DTYPES = {
    "BOOL": "bool", "U8": "uint8", "U16": "uint16", "U32": "uint32", "U64": "uint64",
    "I8": "int8", "I16": "int16", "I32": "int32", "I64": "int64",
    "F16": "float16", "F32": "float32", "F64": "float64", "C64": "complex64",
}  # fmt: skip


def content(arrays: dict[str, NDArray[Any]], notes: dict[str, str]) -> bytes:
    """The content of a file; the arrays are C-contiguous, for of others safetensors 0.8 writes the wrong bytes.

    Raises:
        WeightsError: a dtype that the format does not have, or so many arrays that `read` would refuse them.
    """
    library = _library()
    for name, array in arrays.items():
        if array.dtype.name not in DTYPES.values():
            raise WeightsError(f"{name!r} is {array.dtype}; a .safetensors file holds {', '.join(DTYPES.values())}")
    written: bytes = library.numpy.save(arrays, notes or None)
    if (length := int.from_bytes(written[:8], "little")) > MAX_DIRECTORY:
        raise WeightsError(f"names and notes take {length} bytes, and more than {MAX_DIRECTORY} would not be read")
    return written


def read(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """The arrays and the notes; the library checks that the arrays fill the file, each byte once."""
    library = _library()
    header = _header(path)
    # Not mapped into memory: a file that is cut while it is read would then end the process.
    with library.safe_open(path, framework="np", backend="pread") as file:
        json.loads(header, object_pairs_hook=_once)
        return {name: _array(file, name) for name in file.offset_keys()}, file.metadata() or {}


def _array(file: Any, name: str) -> NDArray[Any]:
    dtype = file.get_slice(name).get_dtype()
    if dtype not in DTYPES:
        raise WeightsError(f"{name!r} is {dtype}, which NumPy does not have; convert it in PyTorch: tensor.float()")
    return np.asarray(file.get_tensor(name))


def _header(path: Path) -> bytes:
    """The header, unless it is too long or should end after the file."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < 8:
            raise WeightsError(f"it has {size} bytes, and the length of its header alone takes 8")
        length = int.from_bytes(file.read(8), "little")
        if length > size - 8:
            raise WeightsError(f"its header should have {length} bytes, and {size - 8} follow")
        if length > MAX_DIRECTORY:
            raise WeightsError(f"its header has {length} bytes, and more than {MAX_DIRECTORY} are not read")
        return file.read(length)


def _once(pairs: list[tuple[str, Any]]) -> None:
    """Refuse a name that is there twice, of which the library would take the last; nothing of the JSON is kept."""
    refuse_twice(name for name, _ in pairs)


def _library() -> Any:
    try:
        import safetensors.numpy
    except ImportError as error:
        raise ImportError(
            '.safetensors files need their library: pip install "tapegrad[io]"; .npz files need none'
        ) from error
    return safetensors
