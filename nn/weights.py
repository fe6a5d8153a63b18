"""Weights in files: safetensors, written whole or not at all. No pickle."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..autograd.files import save_whole
from .module import Module

__all__ = ["WeightsError", "load", "save"]


class WeightsError(ValueError):
    """A file that does not hold weights, or weights that such a file cannot hold."""


def save(weights: Module | Mapping[str, ArrayLike], path: str | os.PathLike[str]) -> None:
    """Write the weights of a module, or a state dict, to a safetensors file.

    The file is written under another name and renamed when it is whole, so that an interruption leaves the old one.

    Raises:
        WeightsError: a dtype or a name that safetensors does not have; the file is then as it was.
    """
    content = _serialized(weights.state_dict() if isinstance(weights, Module) else weights)
    save_whole(Path(path), content, "the weights")


def load(path: str | os.PathLike[str]) -> dict[str, NDArray[Any]]:
    """The arrays of a safetensors file by name, for `module.load_state_dict`.

    Raises:
        FileNotFoundError: no such file.
        WeightsError: the file is not whole, or is something else.
    """
    safetensors = _safetensors()
    data = Path(path).read_bytes()
    try:
        arrays: dict[str, NDArray[Any]] = safetensors.load(data)
    except Exception as error:
        raise WeightsError(f"{path}: not a whole safetensors file ({error})") from error
    return arrays


def _serialized(state: Mapping[str, ArrayLike]) -> bytes:
    """The content of a safetensors file."""
    safetensors = _safetensors()
    if "__metadata__" in state:
        raise WeightsError("save: '__metadata__' is no name for an array; safetensors files keep notes under it")
    # safetensors writes wrong bytes for an array that is not C-contiguous
    arrays = {name: np.array(value, order="C") for name, value in state.items()}
    try:
        content: bytes = safetensors.save(arrays)
    except Exception as error:
        dtypes = ", ".join(f"{name} is {array.dtype}" for name, array in arrays.items())
        raise WeightsError(f"save: safetensors cannot hold these arrays ({error}): {dtypes}") from error
    return content


def _safetensors() -> Any:
    try:
        import safetensors.numpy
    except ImportError as error:
        raise ImportError('weights are kept in safetensors files: pip install "tapegrad[io]"') from error
    return safetensors.numpy
