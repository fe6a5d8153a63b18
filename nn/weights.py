"""Weights in files: safetensors or NumPy's npz, written whole or not at all. No pickle."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..autograd.files import save_whole
from .files import npz, safetensors
from .files.contents import PICKLES, TO_CONVERT, recognized
from .files.limits import NOTES, WeightsError, check_booleans
from .module import Module

__all__ = ["WeightsError", "load", "load_arrays", "save", "save_arrays"]

_FORMATS = {".safetensors": safetensors, ".npz": npz}


def save(weights: Module | Mapping[str, ArrayLike], path: str | os.PathLike[str]) -> None:
    """Write the weights of a module, or a state dict, to a file: `.safetensors`, or `.npz`, which needs NumPy alone.

    The file is written under another name and renamed when it is whole, so that an interruption leaves the old one.
    Arrays come back with their values, shape and dtype; memory layout and byte order become the usual ones.

    Raises:
        WeightsError: another suffix, or a dtype or a name that the format does not have; the file is then as it was.
    """
    save_arrays(weights.state_dict() if isinstance(weights, Module) else weights, path)


def load(path: str | os.PathLike[str]) -> dict[str, NDArray[Any]]:
    """The arrays of a `.safetensors` or `.npz` file by name, for `module.load_state_dict`.

    Raises:
        FileNotFoundError: no such file.
        WeightsError: the file is not whole, or is something else. Nothing in it is run, and its size bounds the memory.
    """
    return load_arrays(path)[0]


def save_arrays(
    state: Mapping[str, ArrayLike], path: str | os.PathLike[str], notes: Mapping[str, str] | None = None
) -> None:
    """Write arrays by name, and notes about them; see `save`."""
    path = Path(path)
    form = _format_of(path)
    if NOTES in state:
        raise WeightsError(f"{path}: {NOTES!r} is no name for an array; such files keep notes under it")
    try:
        content: bytes = form.content({name: _plain(value) for name, value in state.items()}, dict(notes or {}))
    except (ImportError, MemoryError):
        raise
    except Exception as error:
        raise WeightsError(f"{path}: not saved ({error})") from error
    save_whole(path, content, "the weights")


def load_arrays(path: str | os.PathLike[str]) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """The arrays of a file by name, and its notes; see `load`."""
    path = Path(path)
    path.stat()  # that there is no such file is said before what its name should be
    form = _format_of(path)
    if not path.is_file() and not path.is_dir():
        raise WeightsError(f"{path}: a device or a pipe, not a file")
    try:
        arrays, notes = form.read(path)
        for name, array in arrays.items():
            check_booleans(name, array)
    except (ImportError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.filename is not None:  # it cannot be opened
            raise
        kind = recognized(path)
        reason = f"{error}; it looks like {kind}" if kind else error
        raise WeightsError(f"{path}: not a whole {path.suffix} file of weights ({reason})") from error
    return arrays, notes


def _format_of(path: Path) -> ModuleType:
    suffix = path.suffix.lower()
    if suffix in PICKLES:
        raise WeightsError(f"{path}: {suffix} files are pickles: {TO_CONVERT}")
    if suffix not in _FORMATS:
        raise WeightsError(f"{path}: weights are kept in files named *{' or *'.join(_FORMATS)}")
    return _FORMATS[suffix]


def _plain(value: ArrayLike) -> NDArray[Any]:
    """The array in this machine's byte order and C's memory order; unlike `np.ascontiguousarray`, 0-d stays 0-d."""
    array = np.asarray(value)
    return np.asarray(array, array.dtype.newbyteorder("="), order="C")
