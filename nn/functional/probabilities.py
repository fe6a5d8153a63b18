"""Losses between probabilities: binary cross-entropy and Kullback-Leibler divergence."""

from __future__ import annotations

from typing import Any

from ...autograd.errors import ShapeError
from ...autograd.ops.exponential import exp, log, log1p, sigmoid, softplus
from ...autograd.ops.selecting import maximum, where
from ...autograd.tensor import Tensor
from .reductions import reduced, require_reduction, require_same_shape, values

__all__ = ["binary_cross_entropy", "binary_cross_entropy_with_logits", "kl_div", "sigmoid_focal_loss"]

_LEAST_LOG = -100  # as PyTorch: so that a probability of 0 costs much, but not infinity


def binary_cross_entropy(x: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Tensor:
    """-(target ln x + (1 - target) ln(1 - x)) of probabilities x, the logarithms no less than -100.

    Args:
        target: probabilities of the shape of x.
        weight: a factor for each element, of a shape that broadcasts.

    Raises:
        ShapeError: x and target have different shapes.
        ValueError: x or target is outside [0, 1], or an unknown reduction.
    """
    name = "binary_cross_entropy"
    require_same_shape(name, x, target)
    for what, p in (("input", values(x)), ("target", values(target))):
        if not ((p >= 0) & (p <= 1)).all():
            raise ValueError(
                f"{name}: {what} must lie in [0, 1], got values from {p.min():.4g} to {p.max():.4g}; for logits use "
                "binary_cross_entropy_with_logits"
            )
    losses = -(target * maximum(log(x), _LEAST_LOG) + (1 - target) * maximum(log1p(-x), _LEAST_LOG))
    return reduced(name, losses if weight is None else losses * weight, reduction)


def binary_cross_entropy_with_logits(
    x: Any, target: Any, weight: Any = None, reduction: str = "mean", pos_weight: Any = None
) -> Tensor:
    """Binary cross-entropy of sigmoid(x), without overflow: (1 - target) x + ln(1 + e⁻ˣ).

    Args:
        target: probabilities of the shape of x.
        weight: a factor for each element, of a shape that broadcasts.
        pos_weight: a factor for the positive part, target ln sigmoid(x); above 1 it favours recall.

    Raises:
        ShapeError: x and target have different shapes.
        ValueError: an unknown reduction.
    """
    name = "binary_cross_entropy_with_logits"
    require_same_shape(name, x, target)
    if pos_weight is None:
        losses = (1 - target) * x + softplus(-x)
    else:
        losses = (1 - target) * x + (1 + (pos_weight - 1) * target) * softplus(-x)
    return reduced(name, losses if weight is None else losses * weight, reduction)


def kl_div(x: Any, target: Any, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """target (ln target - x) for log-probabilities x; 0 where target is 0. Kullback and Leibler, 1951.

    Args:
        target: probabilities, or with `log_target` their logarithms, of the shape of x.
        reduction: "batchmean" divides the sum by the number of samples, which is the divergence of distributions.

    Raises:
        ShapeError: x and target have different shapes.
        ValueError: an unknown reduction.
    """
    require_same_shape("kl_div", x, target)
    if log_target:
        losses = exp(target) * (target - x)
    else:
        positive = values(target) > 0
        losses = where(positive, target * (log(where(positive, target, 1)) - x), 0 * x)
    if reduction == "batchmean":
        if not x.shape:
            raise ShapeError("kl_div: reduction 'batchmean' needs an axis of samples, got a 0-d input")
        return losses.sum() / x.shape[0]  # type: ignore[no-any-return]
    return reduced("kl_div", losses, reduction)


def sigmoid_focal_loss(x: Any, target: Any, alpha: float = 0.25, gamma: float = 2.0, reduction: str = "none") -> Tensor:
    """Binary cross-entropy of logits x times (1 - p)^gamma, p the probability of the truth: what is easy counts less.

    Args:
        target: 0 or 1, of the shape of x.
        alpha: weight of the positives, 1 - alpha that of the negatives; negative for no weights.
        gamma: 0 makes it the cross-entropy.

    Lin et al., Focal Loss for Dense Object Detection, 2017; arguments as in torchvision.

    Raises:
        ShapeError: x and target have different shapes.
        ValueError: gamma < 0, or an unknown reduction.
    """
    require_same_shape("sigmoid_focal_loss", x, target)
    require_reduction("sigmoid_focal_loss", reduction)
    if gamma < 0:
        raise ValueError(f"sigmoid_focal_loss: gamma must not be negative, got {gamma}")
    p = sigmoid(x)
    wrong = p * (1 - target) + (1 - p) * target
    losses = binary_cross_entropy_with_logits(x, target, reduction="none") * wrong**gamma
    if alpha >= 0:
        losses = losses * (alpha * target + (1 - alpha) * (1 - target))
    return reduced("sigmoid_focal_loss", losses, reduction)
