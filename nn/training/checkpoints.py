"""Whole checkpoints in one file: arrays, and everything else as JSON beside them. No pickle.

A checkpoint is a tree of dicts and lists whose leaves are arrays, numbers, strings, booleans and None. Its arrays
become those of a weights file, named by their path; the tree itself, with each array's name in its place, is a note in
that file.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..weights import WeightsError, load_arrays, save_arrays

__all__ = ["CheckpointError", "load_checkpoint", "save_checkpoint"]

_NOTE = "tapegrad checkpoint"
_ARRAY = "array:"
_TEXT = "text:"  # before texts that begin like one of these two


class CheckpointError(ValueError):
    """A file that is no checkpoint, or that of another model."""


def save_checkpoint(state: dict[str, Any], path: str | os.PathLike[str]) -> None:
    """Write a tree of state to a file, whole or not at all.

    Raises:
        TypeError: a leaf that is neither an array nor something that JSON has.
    """
    arrays: dict[str, NDArray[Any]] = {}
    tree = _taken_out(state, "", arrays)
    save_arrays(arrays, path, {_NOTE: json.dumps(tree)})


def load_checkpoint(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The tree of state in a file.

    Raises:
        FileNotFoundError: no such file.
        CheckpointError: the file is not whole, or no checkpoint.
    """
    try:
        arrays, notes = load_arrays(path)
        tree = json.loads(notes[_NOTE])
        return _put_back(tree, arrays)  # type: ignore[no-any-return]
    except KeyError as error:
        raise CheckpointError(f"{Path(path)}: no checkpoint of a training; weights are loaded with nn.load") from error
    except (WeightsError, json.JSONDecodeError, RecursionError) as error:
        raise CheckpointError(f"{Path(path)}: not a whole checkpoint ({error})") from error


def _taken_out(tree: Any, path: str, arrays: dict[str, NDArray[Any]]) -> Any:
    """The tree with each array's name in its place."""
    if isinstance(tree, np.ndarray):
        while path in arrays:  # {"a.b": ...} beside {"a": {"b": ...}}
            path += "'"
        arrays[path] = tree
        return _ARRAY + path
    if isinstance(tree, dict):
        return {
            str(key): _taken_out(value, f"{path}.{key}" if path else str(key), arrays) for key, value in tree.items()
        }
    if isinstance(tree, list | tuple):
        return [_taken_out(value, f"{path}.{i}", arrays) for i, value in enumerate(tree)]
    if isinstance(tree, np.generic):
        return tree.item()
    if isinstance(tree, str) and tree.startswith((_ARRAY, _TEXT)):
        return _TEXT + tree
    if tree is None or isinstance(tree, bool | int | float | str):
        return tree
    raise TypeError(
        f"checkpoint: {path} is {tree!r:.80}; expected arrays, numbers, strings, and lists and dicts of them"
    )


def _put_back(tree: Any, arrays: dict[str, NDArray[Any]]) -> Any:
    if isinstance(tree, dict):
        return {key: _put_back(value, arrays) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_put_back(value, arrays) for value in tree]
    if isinstance(tree, str) and tree.startswith(_ARRAY):
        return arrays[tree.removeprefix(_ARRAY)]
    return tree.removeprefix(_TEXT) if isinstance(tree, str) else tree
