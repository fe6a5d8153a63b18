"""What `export_onnx` is called with: examples, the axes of their batch, names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...autograd.tensor import Tensor
from .errors import OnnxError

__all__ = ["Axes", "arrays_of", "axes_of", "named", "of_size", "output_name"]

Axes = int | Sequence[int | None] | None


def arrays_of(example_inputs: Any) -> list[NDArray[Any]]:
    """The inputs as arrays, one or several."""
    given = example_inputs if isinstance(example_inputs, tuple | list) else (example_inputs,)
    return [x.numpy() if isinstance(x, Tensor) else np.asarray(x) for x in given]


def axes_of(examples: Sequence[NDArray[Any]], batch_axis: Axes) -> list[int | None]:
    """The axis of each input along which its batch lies, None for one without.

    Raises:
        OnnxError: an input has no such axis, or another batch size than the others, or none.
    """
    axes = [batch_axis] * len(examples) if batch_axis is None or isinstance(batch_axis, int) else list(batch_axis)
    if len(axes) != len(examples):
        raise OnnxError(f"export_onnx: batch_axis has {len(axes)} entries for {len(examples)} inputs")
    for i, (x, axis) in enumerate(zip(examples, axes, strict=True)):
        if axis is not None and not -x.ndim <= axis < x.ndim:
            raise OnnxError(
                f"export_onnx: input {i} has shape {x.shape}, no batch axis {axis}; say batch_axis=, or "
                "dynamic_batch=False"
            )
    axes = [axis if axis is None else axis % x.ndim for x, axis in zip(examples, axes, strict=True)]
    sizes = {x.shape[axis] for x, axis in zip(examples, axes, strict=True) if axis is not None}
    if len(sizes) > 1 or 0 in sizes:
        raise OnnxError(f"export_onnx: inputs need one batch size, not 0, got {sorted(sizes)}; say batch_axis=")
    return axes


def of_size(examples: Sequence[NDArray[Any]], axes: Sequence[int | None], batch: int | None) -> list[NDArray[Any]]:
    """The examples again and again, as a batch of another size."""
    if batch is None:
        return list(examples)
    pairs = zip(examples, axes, strict=True)
    return [x if axis is None else x.take(np.arange(batch) % x.shape[axis], axis) for x, axis in pairs]


def named(kind: str, given: Sequence[str] | None, default: Sequence[str], taken: Iterable[str]) -> list[str]:
    """Names for inputs or outputs.

    Raises:
        OnnxError: another number of them, or one that something has already.
    """
    names = list(default if given is None else given)
    if len(names) != len(default):
        raise OnnxError(f"export_onnx: expected {len(default)} {kind}_names, got {names}")
    for name in names:
        if names.count(name) > 1 or name in taken:
            raise OnnxError(f"export_onnx: {name!r} would name two tensors in the file; give other {kind}_names")
    return names


def output_name(path: str) -> str:
    """The name of an output by its path in what the model returned: that of a dict's entry, else a number."""
    key = re.sub(r"\W+", "_", path.removeprefix("output")).strip("_")
    return key if key.isidentifier() else f"output_{key}" if key else "output"
