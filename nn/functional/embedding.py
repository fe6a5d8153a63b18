"""Rows of a table by their numbers, and numbers as rows of zeros and a one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...autograd.errors import DTypeError, ShapeError
from ...autograd.ops.indexing import getitem
from ...autograd.ops.selecting import where
from ...autograd.tensor import Tensor
from .reductions import values

__all__ = ["embedding", "one_hot"]


def embedding(
    x: ArrayLike | Tensor, weight: Any, padding_idx: int | None = None, max_norm: float | None = None,
    norm_type: float = 2.0,
) -> Any:  # fmt: skip
    """weight[x]: integers (...) and a table (rows, width) -> (..., width).

    The gradient of a row is the sum of those of all places where it stands.

    Args:
        padding_idx: a row, negative to count from the end, that no gradient reaches.
        max_norm: rows that are named and whose norm is larger are first scaled down to it, in the table itself.
        norm_type: the p of that norm.

    Raises:
        DTypeError: x is not of integers.
        IndexError: a number outside [0, rows), or a padding_idx outside the table.
        ShapeError: weight is no table.
    """
    if weight.ndim != 2:
        raise ShapeError(f"embedding: weight must be a table (rows, width), got {weight.shape}")
    rows = len(weight)
    indices = _integers("embedding", x)
    if indices.size and not 0 <= indices.min() <= indices.max() < rows:
        raise IndexError(
            f"embedding: the table has rows 0 to {rows - 1}, got numbers from {indices.min()} to {indices.max()}"
        )
    if padding_idx is not None and not -rows <= padding_idx < rows:
        raise IndexError(f"embedding: padding_idx={padding_idx} is no row of a table of {rows}")
    if max_norm is not None:
        _shorten(weight, np.unique(indices), max_norm, norm_type)
    y = getitem(weight, indices)
    if padding_idx is None or not isinstance(y, Tensor):
        return y
    return where((indices == padding_idx % rows)[..., np.newaxis], y.detach(), y)


def one_hot(x: ArrayLike | Tensor, num_classes: int = -1) -> Tensor:
    """Zeros, and a 1 at the place that each integer names: (...) -> (..., num_classes), of int64.

    Args:
        num_classes: -1 for one more than the largest.

    Raises:
        DTypeError: x is not of integers.
        ValueError: a number below 0, or too large; nothing to find the number of classes from.
    """
    indices = _integers("one_hot", x)
    if num_classes == -1:
        if not indices.size:
            raise ValueError("one_hot: there is no largest class in an empty input; say num_classes")
        num_classes = int(indices.max()) + 1
    if num_classes < 1:
        raise ValueError(f"one_hot: num_classes must be at least 1, or -1, got {num_classes}")
    if indices.size and not 0 <= indices.min() <= indices.max() < num_classes:
        raise ValueError(
            f"one_hot: expected classes from 0 to {num_classes - 1}, got {indices.min()} to {indices.max()}"
        )
    return Tensor((indices[..., np.newaxis] == np.arange(num_classes)).astype(np.int64), copy=None)


def _integers(name: str, x: ArrayLike | Tensor) -> NDArray[np.integer[Any]]:
    array: NDArray[Any] = values(x)
    if array.dtype.kind not in "iu":
        raise DTypeError(f"{name}: expected integers, got {array.dtype}; x.astype(np.int64) makes them")
    return array


def _shorten(weight: Tensor, rows: NDArray[Any], max_norm: float, p: float) -> None:
    table = weight.numpy().copy()
    norms = np.linalg.norm(table[rows], p, axis=1)
    long = norms > max_norm
    table[rows[long]] *= (max_norm / (norms[long] + 1e-7))[:, np.newaxis]  # 1e-7 is PyTorch's
    weight.data = table
