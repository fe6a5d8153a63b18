"""Softmax and logarithms of sums, with SciPy's options."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...tensor import Tensor
from .. import softmax as family
from ..complex import absolute, sign
from ..exponential import exp, log
from ..reducing import Axis, sum
from ..selecting import where

__all__ = ["log_softmax", "logsumexp", "softmax"]


def softmax(x: Any, axis: Axis = None) -> Any:
    """eˣ / Σ eˣ along some axes, by default all, without overflow."""
    return family.softmax(x, axis)


def log_softmax(x: Any, axis: Axis = None) -> Any:
    """x - ln Σ eˣ along some axes, by default all, without overflow."""
    return family.log_softmax(x, axis)


def logsumexp(a: Any, axis: Axis = None, b: Any = None, keepdims: bool = False, return_sign: bool = False) -> Any:
    """ln Σ b eᵃ over some axes, by default all, without overflow; what has weight 0 adds nothing, be it infinite.

    The logarithm of a negative sum is NaN. With `return_sign`, ln |Σ b eᵃ| and the sum's sign (its phase, if complex).
    """
    if b is None and not return_sign and not np.iscomplexobj(_values(a)):
        return family.logsumexp(a, axis, keepdims=keepdims)
    weights = 1 if b is None else b
    shift, below = _shift(_values(a), _values(weights), axis)
    limit = float(np.log(np.finfo(np.result_type(_values(a), np.float16)).max))
    total = sum(weights * exp(where(below, a - shift, limit)), axis, keepdims=keepdims)
    shift = shift if keepdims else np.squeeze(shift, tuple(range(shift.ndim)) if axis is None else axis)
    with np.errstate(divide="ignore", invalid="ignore"):  # ln 0 = -inf and ln -1 = NaN are meant
        if return_sign:
            return log(absolute(total)) + shift, sign(total)
        return log(total) + shift


def _values(x: Any) -> Any:
    return x.numpy() if isinstance(x, Tensor) else np.asarray(x)


def _shift(a: Any, weights: Any, axis: Axis) -> tuple[Any, Any]:
    """The largest Re a that has weight, and which of all do not lie so far above it that eᵃ would overflow.

    The result does not depend on the shift, so it is a constant. What has no weight must not overflow, for its
    weight has a derivative.
    """
    a = np.real(a).astype(np.result_type(np.real(a), np.float16))
    a, weighted = np.broadcast_arrays(a, weights != 0)
    largest = np.max(a, axis, keepdims=True, initial=-np.inf, where=weighted)
    shift = np.where(np.isfinite(largest), largest, 0).astype(a.dtype)
    return shift, weighted | (a - shift < np.log(np.finfo(a.dtype).max))
