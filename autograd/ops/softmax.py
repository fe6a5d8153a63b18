"""Softmax and its logarithms, none of which overflows."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError
from ..kernels import crossentropy as kernels
from ..primitive import primitive
from .comparing import isinf
from .exponential import exp, gap
from .reducing import Axis, kept_axes, sum
from .selecting import where

__all__ = ["log_softmax", "logsumexp", "softmax", "softmax_cross_entropy"]


@primitive
def logsumexp(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """ln Σ eˣ over some axes, without overflow."""
    x = np.asarray(x, np.result_type(x, np.float16))  # integers as np.exp takes them
    largest = np.max(x, axis, keepdims=True, initial=-np.inf)
    finite = np.where(np.isfinite(largest), largest, 0).astype(x.dtype)
    with np.errstate(divide="ignore"):  # ln 0 = -inf is the answer for elements that all are -inf
        y = np.log(np.sum(np.exp(x - finite), axis, keepdims=True)) + finite
    return y if keepdims else np.squeeze(y, tuple(range(x.ndim)) if axis is None else axis)


def _logsumexp_rule(g: Any, y: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    """g softmax(x), of which elements that share an infinite y have equal shares."""
    y = kept_axes(y, x.shape, axis)
    shares = where(isinf(y), sum(x == y, axis, keepdims=True).astype(x.dtype), 1)
    return kept_axes(g, x.shape, axis) / shares * exp(gap(x, y))


logsumexp.defvjp(_logsumexp_rule)


@primitive
def softmax(x: Any, axis: Axis = -1) -> Any:
    """eˣ / Σ eˣ along some axes, without overflow."""
    y = np.exp(x - np.maximum.reduce(x, axis, keepdims=True))
    y /= np.add.reduce(y, axis, keepdims=True)
    return y


def _softmax_rule(g: Any, y: Any, _x: Any, axis: Axis) -> Any:
    return y * (g - sum(g * y, axis, keepdims=True))


softmax.defvjp(_softmax_rule)


@primitive
def log_softmax(x: Any, axis: Axis = -1) -> Any:
    """x - ln Σ eˣ along some axes, without overflow."""
    y = np.asarray(x - np.max(x, axis, keepdims=True))  # what comes of a 0-d x is a scalar
    return np.subtract(y, np.log(np.sum(np.exp(y), axis, keepdims=True)), out=y if y.dtype.kind == "f" else None)


log_softmax.defvjp(lambda g, y, _x, axis: g - exp(y) * sum(g, axis, keepdims=True))


def softmax_cross_entropy(x: Any, labels: Any, reduction: str = "mean") -> Any:
    """-ln softmax(x) at integer labels: x (N, C), labels (N,) -> (N,) for reduction "none", or their "mean" or "sum".

    Raises:
        ShapeError, DTypeError: labels that are not N integers.
        ValueError: a label outside [0, C), or another reduction.
    """
    labels = np.array(labels)  # a copy: the caller may change them
    if labels.dtype.kind not in "iu":
        raise DTypeError(f"softmax_cross_entropy: labels must be integers, got {labels.dtype}")
    if len(x.shape) != 2:
        raise ShapeError(f"softmax_cross_entropy: expected an input (N, C), got {x.shape}")
    if labels.shape != x.shape[:1]:
        raise ShapeError(
            f"softmax_cross_entropy: input {x.shape} needs class indices of shape {x.shape[:1]}, got {labels.shape}"
        )
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"softmax_cross_entropy: reduction must be 'none', 'mean' or 'sum', got {reduction!r}")
    return _softmax_cross_entropy(x, labels.astype(np.intp, copy=False), reduction)


@primitive
def _softmax_cross_entropy(x: Any, labels: Any = (), reduction: str = "none") -> Any:
    losses = kernels.cross_entropy(x, labels)
    if reduction == "none":
        return losses
    total = np.add.reduce(losses)
    return total if reduction == "sum" else total / len(x)


@primitive
def _excess(x: Any, labels: Any = ()) -> Any:
    """softmax(x) without the 1 that belongs at each label: the derivative of the cross-entropy."""
    return kernels.excess(x, labels)


_excess.defvjp(lambda g, _y, x, labels: _softmax_rule(g, softmax(x), None, -1))
_softmax_cross_entropy.defvjp(
    lambda g, _y, x, labels, reduction: (
        _excess(x, labels) * (g.reshape(-1, 1) if reduction == "none" else g if reduction == "sum" else g / len(x))
    )
)
