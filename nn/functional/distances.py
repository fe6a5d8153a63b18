"""Losses between numbers and targets of the same shape: how far apart they are."""

from __future__ import annotations

from typing import Any

from ...autograd.ops.complex import absolute
from ...autograd.ops.selecting import where
from ...autograd.tensor import Tensor
from .reductions import reduced, require_same_shape

__all__ = ["huber_loss", "l1_loss", "mse_loss", "smooth_l1_loss"]


def mse_loss(x: Any, target: Any, reduction: str = "mean") -> Tensor:
    """(x - target)², averaged over all elements.

    Raises:
        ShapeError: x and target have different shapes; broadcasting here would hide a mistake.
        ValueError: an unknown reduction.
    """
    require_same_shape("mse_loss", x, target)
    difference = x - target
    return reduced("mse_loss", difference * difference, reduction)


def l1_loss(x: Any, target: Any, reduction: str = "mean") -> Tensor:
    """|x - target|, averaged over all elements; its derivative where they are equal is 0. Errors as in `mse_loss`."""
    require_same_shape("l1_loss", x, target)
    return reduced("l1_loss", absolute(x - target), reduction)


def smooth_l1_loss(x: Any, target: Any, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """d² / (2 beta) where d = |x - target| < beta, else d - beta / 2. Girshick, Fast R-CNN, 2015.

    Raises:
        ValueError: beta < 0. Other errors as in `mse_loss`.
    """
    require_same_shape("smooth_l1_loss", x, target)
    if beta < 0:
        raise ValueError(f"smooth_l1_loss: beta must not be negative, got {beta}")
    if beta == 0:
        return l1_loss(x, target, reduction)
    d = absolute(x - target)
    return reduced("smooth_l1_loss", where(d < beta, d * d / (2 * beta), d - beta / 2), reduction)


def huber_loss(x: Any, target: Any, reduction: str = "mean", delta: float = 1.0) -> Tensor:
    """d² / 2 where d = |x - target| <= delta, else delta (d - delta / 2). Huber, 1964.

    Raises:
        ValueError: delta <= 0. Other errors as in `mse_loss`.
    """
    require_same_shape("huber_loss", x, target)
    if delta <= 0:
        raise ValueError(f"huber_loss: delta must be positive, got {delta}")
    d = absolute(x - target)
    return reduced("huber_loss", where(d <= delta, d * d / 2, delta * (d - delta / 2)), reduction)
