"""Cross-entropy of integer labels, and its derivative, in one pass over the rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from .jit import enabled, jit, readable

__all__ = ["cross_entropy", "excess", "require_classes", "warm"]

_WORTHWHILE = 256  # elements; below, Numba need not be loaded


def cross_entropy(x: Any, labels: Any) -> Any:
    """-ln softmax(x) at the labels: (N, C), (N,) -> (N,).

    Raises:
        ValueError: a label outside [0, C).
    """
    if _for_kernel(x):
        losses = np.empty(len(x), x.dtype)
        if _cross_entropy(*_read(x, labels), losses):
            return losses
    require_classes(labels, x.shape[1])
    y = x - np.maximum.reduce(x, -1, keepdims=True)
    return np.log(np.add.reduce(np.exp(y), -1)) - y[np.arange(len(x)), labels]


def require_classes(labels: Any, classes: int) -> None:
    """Raise a ValueError if a label is outside [0, classes)."""
    wrong = labels[(labels < 0) | (labels >= classes)]
    if wrong.size:
        raise ValueError(f"class index {wrong.flat[0]} is outside [0, {classes}); the input has {classes} classes")


def excess(x: Any, labels: Any) -> Any:
    """softmax(x) without the 1 that belongs at each label: (N, C), (N,) -> (N, C)."""
    if _for_kernel(x):
        out = np.empty_like(x)
        _excess(*_read(x, labels), out)
        return out
    y = np.exp(x - np.maximum.reduce(x, -1, keepdims=True))
    y /= np.add.reduce(y, -1, keepdims=True)
    y[np.arange(len(x)), labels] -= 1
    return y


def warm(dtype: Any) -> None:
    """Call the kernels (see warmup.py)."""
    x, labels = np.ones((_WORTHWHILE, 1), dtype), np.zeros(_WORTHWHILE, np.intp)
    cross_entropy(x, labels)
    excess(x, labels)


def _for_kernel(x: Any) -> bool:
    if x.size < _WORTHWHILE or not enabled():
        return False
    return x.dtype.char in "fd" and x.dtype.isnative and bool(x.flags.c_contiguous)


def _read(x: Any, labels: Any) -> tuple[Any, Any]:
    """Both as the kernels read them: whatever integers the labels are, there is one version to compile."""
    return readable(x), readable(np.ascontiguousarray(labels, np.intp))


@jit
def _cross_entropy(x: Any, labels: Any, losses: Any) -> bool:
    """Whether all labels are columns; if not, the losses are not whole."""
    for n in range(x.shape[0]):
        if not 0 <= labels[n] < x.shape[1]:
            return False
        row = x[n]
        largest = row[0]
        for c in range(1, row.size):
            largest = max(largest, row[c])
        total = x.dtype.type(0)
        for c in range(row.size):
            total += np.exp(row[c] - largest)
        losses[n] = np.log(total) - (row[labels[n]] - largest)
    return True


@jit
def _excess(x: Any, labels: Any, out: Any) -> None:
    for n in range(x.shape[0]):
        row = x[n]
        largest = row[0]
        for c in range(1, row.size):
            largest = max(largest, row[c])
        total = x.dtype.type(0)
        for c in range(row.size):
            out[n, c] = np.exp(row[c] - largest)
            total += out[n, c]
        for c in range(row.size):
            out[n, c] /= total
        out[n, labels[n]] -= x.dtype.type(1)
