"""Keeping gradients from exploding: by their norm, or element by element. (Pascanu et al., 2013)"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...autograd.tensor import Tensor, wrap

__all__ = ["clip_grad_norm_", "clip_grad_value_"]


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> float:
    """Scale all gradients together so that their common norm is at most `max_norm`; returns the norm that it was.

    Raises:
        ValueError: max_norm < 0.
        FloatingPointError: with `error_if_nonfinite`, the norm is infinite or NaN; nothing is scaled then.
    """
    if max_norm < 0:
        raise ValueError(f"clip_grad_norm_: max_norm must not be negative, got {max_norm}")
    tensors = _with_gradients(parameters)
    norms = [float(np.linalg.norm(_values(p).ravel(), norm_type)) for p in tensors]
    total = float(np.linalg.norm(norms, norm_type)) if norms else 0.0
    if error_if_nonfinite and not math.isfinite(total):
        raise FloatingPointError(f"clip_grad_norm_: the norm of the gradients is {total}")
    scale = max_norm / (total + 1e-6)
    if scale < 1 or math.isnan(scale):
        for p in tensors:
            p.grad = wrap(_values(p) * p.dtype.type(scale), None)
    return total


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    """Cut every element of every gradient off at ±clip_value.

    Raises:
        ValueError: clip_value < 0.
    """
    if clip_value < 0:
        raise ValueError(f"clip_grad_value_: clip_value must not be negative, got {clip_value}")
    for p in _with_gradients(parameters):
        p.grad = wrap(np.clip(_values(p), -clip_value, clip_value), None)


def _with_gradients(parameters: Tensor | Iterable[Tensor]) -> list[Tensor]:
    return [p for p in ([parameters] if isinstance(parameters, Tensor) else parameters) if p.grad is not None]


def _values(p: Tensor) -> Any:
    assert p.grad is not None
    return p.grad.numpy()
