"""Losses of order and of nearness: hinges, margins, cosines."""

from __future__ import annotations

from typing import Any

from ...autograd.errors import ShapeError
from ...autograd.ops.arithmetic import quotient
from ...autograd.ops.complex import absolute
from ...autograd.ops.exponential import softplus
from ...autograd.ops.powers import power, sqrt
from ...autograd.ops.rectifiers import relu
from ...autograd.ops.selecting import maximum, where
from ...autograd.tensor import Tensor
from .reductions import reduced, require_same_shape, values

__all__ = [
    "cosine_embedding_loss", "cosine_similarity", "hinge_embedding_loss", "hinge_loss", "margin_ranking_loss",
    "pairwise_distance", "soft_margin_loss", "triplet_margin_loss",
]  # fmt: skip


def hinge_loss(x: Any, target: Any, reduction: str = "mean", margin: float = 1.0) -> Tensor:
    """max(0, margin - target x), for targets -1 and 1: the loss of a support vector machine. Cortes and Vapnik, 1995.

    Raises:
        ShapeError: x and target have different shapes.
        ValueError: a target other than -1 and 1, or an unknown reduction.
    """
    require_same_shape("hinge_loss", x, target)
    _require_signs("hinge_loss", target)
    return reduced("hinge_loss", relu(margin - target * x), reduction)


def soft_margin_loss(x: Any, target: Any, reduction: str = "mean") -> Tensor:
    """ln(1 + exp(-target x)), for targets -1 and 1. Errors as in `hinge_loss`."""
    require_same_shape("soft_margin_loss", x, target)
    _require_signs("soft_margin_loss", target)
    return reduced("soft_margin_loss", softplus(-target * x), reduction)


def margin_ranking_loss(x1: Any, x2: Any, target: Any, margin: float = 0.0, reduction: str = "mean") -> Tensor:
    """max(0, -target (x1 - x2) + margin): x1 is to rank above x2 where target is 1, below where it is -1.

    Raises:
        ShapeError: the three do not have one number of axes.
        ValueError: a target other than -1 and 1, or an unknown reduction.
    """
    ndims = [len(values(each).shape) for each in (x1, x2, target)]
    if len(set(ndims)) != 1:
        shapes = ", ".join(str(values(each).shape) for each in (x1, x2, target))
        raise ShapeError(f"margin_ranking_loss: inputs and target must have one number of axes, got {shapes}")
    _require_signs("margin_ranking_loss", target)
    return reduced("margin_ranking_loss", relu(margin - target * (x1 - x2)), reduction)


def hinge_embedding_loss(x: Any, target: Any, margin: float = 1.0, reduction: str = "mean") -> Tensor:
    """x where target is 1, max(0, margin - x) where it is -1, for distances x. Errors as in `hinge_loss`."""
    require_same_shape("hinge_embedding_loss", x, target)
    _require_signs("hinge_embedding_loss", target)
    losses = where(values(target) == 1, x, relu(margin - x))
    return reduced("hinge_embedding_loss", losses, reduction)


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    """x1 · x2 / (max(‖x1‖, eps) max(‖x2‖, eps)) along an axis."""
    dot = (x1 * x2).sum(axis=dim)
    return dot / (maximum(_norm(x1, dim), eps) * maximum(_norm(x2, dim), eps))


def cosine_embedding_loss(x1: Any, x2: Any, target: Any, margin: float = 0.0, reduction: str = "mean") -> Tensor:
    """1 - cos(x1, x2) where target is 1, max(0, cos(x1, x2) - margin) where it is -1.

    Args:
        x1, x2: (N, D) or (D,).
        target: (N,) or (); -1 or 1.

    Raises:
        ShapeError: other shapes.
        ValueError: a target other than -1 and 1, or an unknown reduction.
    """
    name = "cosine_embedding_loss"
    require_same_shape(name, x1, x2)
    if len(x1.shape) not in (1, 2) or values(target).shape != x1.shape[:-1]:
        raise ShapeError(
            f"{name}: expected (N, D) or (D,) and a target without D, got {x1.shape} and {values(target).shape}"
        )
    _require_signs(name, target)
    tiny = 1e-12  # under the root, as PyTorch, so that zero vectors have a gradient
    norms = sqrt(((x1 * x1).sum(axis=-1) + tiny) * ((x2 * x2).sum(axis=-1) + tiny))
    cosine = (x1 * x2).sum(axis=-1) / norms
    return reduced(name, where(values(target) == 1, 1 - cosine, relu(cosine - margin)), reduction)


def pairwise_distance(x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Any:
    """(Σ |x1 - x2 + eps|ᵖ)^(1/p) along the last axis."""
    difference = absolute(x1 - x2 + eps)
    if p == 2:
        return sqrt((difference * difference).sum(axis=-1, keepdims=keepdim))
    return power(power(difference, p).sum(axis=-1, keepdims=keepdim), 1 / p)


def triplet_margin_loss(
    anchor: Any, positive: Any, negative: Any, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6,
    swap: bool = False, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """max(0, d(anchor, positive) - d(anchor, negative) + margin), with d the distance of norm p.

    Args:
        swap: use d(positive, negative) where it is smaller than d(anchor, negative). Balntas et al., 2016.

    Raises:
        ValueError: margin <= 0, or an unknown reduction.
    """
    if margin <= 0:
        raise ValueError(f"triplet_margin_loss: margin must be positive, got {margin}")
    near, far = pairwise_distance(anchor, positive, p, eps), pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = -maximum(-far, -pairwise_distance(positive, negative, p, eps))
    return reduced("triplet_margin_loss", relu(near - far + margin), reduction)


def _norm(x: Any, dim: int) -> Any:
    """‖x‖ along an axis, with derivative 0 at 0."""
    return sqrt((x * x).sum(axis=dim))


def _require_signs(name: str, target: Any) -> None:
    wrong = values(target)[abs(values(target)) != 1]
    if wrong.size:
        raise ValueError(f"{name}: targets must be -1 or 1, got {wrong.flat[0]}")


def _unused() -> Any:
    return quotient
