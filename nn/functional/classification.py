"""Losses between scores of classes and the true class: cross-entropy and its parts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...autograd.errors import DTypeError, ShapeError
from ...autograd.kernels.crossentropy import require_classes
from ...autograd.ops.rectifiers import relu
from ...autograd.ops.selecting import where
from ...autograd.ops.shaping import moveaxis
from ...autograd.ops.softmax import log_softmax, softmax_cross_entropy
from ...autograd.tensor import Tensor
from .reductions import reduced, require_reduction, require_same_shape, values

__all__ = ["cross_entropy", "focal_loss", "multi_margin_loss", "nll_loss"]

Labels = ArrayLike | Tensor


def cross_entropy(
    logits: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """-ln softmax(logits) at the target class, averaged over samples.

    Args:
        logits: (N, C), (N, C, d1, ...) or (C,) for one sample; not normalised.
        target: class indices, of the shape of `logits` without C; or probabilities, one-hot for instance, of its shape.
        weight: (C,), what each class counts; "mean" divides by the sum of the weights of the targets.
        ignore_index: samples of this class are left out.
        reduction: `mean`, `sum` or `none`.
        label_smoothing: the share of the target that is spread evenly over all classes. Szegedy et al., 2016.

    Raises:
        ShapeError: shapes that do not belong together.
        DTypeError: a target that is neither integers nor floating.
        ValueError: a class index outside [0, C), a share outside [0, 1], or an unknown reduction.
    """
    name = "cross_entropy"
    if len(logits.shape) == 0:
        raise ShapeError(f"{name}: logits must be (N, C), (N, C, d1, ...) or (C,), got {logits.shape}")
    require_reduction(name, reduction)
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"{name}: label_smoothing must lie in [0, 1], got {label_smoothing}")
    plain = weight is None and label_smoothing == 0 and len(logits.shape) == 2
    if _holds_classes(name, target):
        labels = _labels(name, logits.shape, target)
        if plain and not (labels == ignore_index).any():
            return softmax_cross_entropy(logits, labels, reduction)  # type: ignore[no-any-return]
        return _smoothed(logits, labels, _weights(name, weight, logits.shape), ignore_index, reduction, label_smoothing)
    require_same_shape(name, logits, target, "a floating target holds probabilities; class indices are integers")
    axis = 0 if len(logits.shape) == 1 else 1
    classes = logits.shape[axis]
    if label_smoothing:
        target = target * (1 - label_smoothing) + label_smoothing / classes
    losses = -log_softmax(logits, axis) * target
    if (counts := _weights(name, weight, logits.shape)) is not None:
        losses = losses * counts.reshape((-1,) + (1,) * (len(logits.shape) - 1 - axis))
    losses = losses.sum(axis=axis)
    if reduction == "mean":
        return losses.sum() / max(losses.size, 1) if losses.size else losses.mean()  # type: ignore[no-any-return]
    return reduced(name, losses, reduction)


def nll_loss(
    log_probabilities: Any, target: Any, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean"
) -> Tensor:
    """-log_probabilities at the target class, averaged over samples; arguments and errors as in `cross_entropy`."""
    name = "nll_loss"
    shape = log_probabilities.shape
    if len(shape) == 0:
        raise ShapeError(f"{name}: log-probabilities must be (N, C), (N, C, d1, ...) or (C,), got {shape}")
    require_reduction(name, reduction)
    labels = _labels(name, shape, target)
    return _picked(name, log_probabilities, labels, _weights(name, weight, shape), ignore_index, reduction)


def focal_loss(logits: Any, target: Labels, weight: Any = None, gamma: float = 2.0, reduction: str = "mean") -> Tensor:
    """-(1 - p)^gamma ln p, with p = softmax(logits) at the target class: what is easy counts less.

    Args:
        logits: (N, C) or (C,).
        target: class indices, (N,) or ().
        weight: (C,), what each class counts.
        gamma: 0 makes it the cross-entropy.

    Lin et al., Focal Loss for Dense Object Detection, 2017.

    Raises:
        ValueError: gamma < 0. Other errors as in `cross_entropy`.
    """
    if gamma < 0:
        raise ValueError(f"focal_loss: gamma must not be negative, got {gamma}")
    labels = _labels("focal_loss", logits.shape, target)
    require_classes(labels, logits.shape[-1])
    log_p = log_softmax(logits, -1)[_places(labels)]
    losses = -((1 - np.exp(log_p)) ** gamma) * log_p
    if (counts := _weights("focal_loss", weight, logits.shape)) is not None:
        losses = losses * counts[labels]
    return reduced("focal_loss", losses, reduction)


def multi_margin_loss(
    x: Any, target: Labels, p: int = 1, margin: float = 1.0, weight: Any = None, reduction: str = "mean"
) -> Tensor:
    """Σ max(0, margin - x[target] + x[c])ᵖ / C over the other classes c: the hinge loss of several classes.

    Args:
        x: (N, C) or (C,), scores.
        target: class indices, (N,) or ().
        p: 1 or 2.
        weight: (C,), what each class counts, inside the power.

    Crammer and Singer, 2001. Errors as in `cross_entropy`.
    """
    if p not in (1, 2):
        raise ValueError(f"multi_margin_loss: p must be 1 or 2, got {p}")
    labels = _labels("multi_margin_loss", x.shape, target)
    require_classes(labels, x.shape[-1])
    over = relu(margin - x[_places(labels)].reshape((*labels.shape, 1)) + x)
    others = np.arange(x.shape[-1]) != labels[..., None]
    over = where(others, over if p == 1 else over * over, 0)
    if (counts := _weights("multi_margin_loss", weight, x.shape)) is not None:
        over = over * counts[labels][..., None]
    return reduced("multi_margin_loss", over.sum(axis=-1) / x.shape[-1], reduction)


def _smoothed(
    logits: Any, labels: NDArray[Any], weight: NDArray[Any] | None, ignored: int, reduction: str, smoothing: float
) -> Tensor:
    """The cross-entropy with classes' weights, left-out samples, and a share for all classes."""
    log_p = log_softmax(logits, 0 if len(logits.shape) == 1 else 1)
    loss = _picked("cross_entropy", log_p, labels, weight, ignored, reduction)
    if smoothing == 0:
        return loss
    kept = labels != ignored
    spread = moveaxis(log_p, 0 if len(logits.shape) == 1 else 1, -1)  # (N, d1, ..., C)
    spread = where(kept, -(spread if weight is None else spread * weight).sum(axis=-1), 0)
    classes = logits.shape[0 if len(logits.shape) == 1 else 1]
    if reduction == "mean":
        spread = spread.sum() / _counted(labels, weight, ignored, logits.dtype)
    else:
        spread = reduced("cross_entropy", spread, reduction)
    smoothed: Tensor = (1 - smoothing) * loss + smoothing / classes * spread
    return smoothed


def _picked(
    name: str, log_p: Any, labels: NDArray[Any], weight: NDArray[Any] | None, ignored: int, reduction: str
) -> Tensor:
    """-log_p at the labels: (N, C, d1, ...), (N, d1, ...)."""
    kept = labels != ignored
    safe = np.where(kept, labels, 0)
    classes = log_p.shape[0 if len(log_p.shape) == 1 else 1]
    require_classes(safe, classes)
    last = moveaxis(log_p, 0 if len(log_p.shape) == 1 else 1, -1)  # (N, d1, ..., C)
    losses = -last[_places(safe)]
    if weight is not None:
        losses = losses * weight[safe]
    if not kept.all():
        losses = where(kept, losses, 0)
    if reduction == "mean":
        return losses.sum() / _counted(labels, weight, ignored, log_p.dtype)  # type: ignore[no-any-return]
    return reduced(name, losses, reduction)


def _counted(labels: NDArray[Any], weight: NDArray[Any] | None, ignored: int, dtype: Any) -> Any:
    """How many samples there are, or their weights together."""
    kept = labels[labels != ignored]
    return dtype.type(len(kept.ravel()) if weight is None else weight[kept].sum())


def _places(labels: NDArray[Any]) -> Any:
    """The index of the labels' places on the last axis."""
    return (*np.ogrid[tuple(slice(size) for size in labels.shape)], labels) if labels.ndim else labels


def _weights(name: str, weight: Any, shape: tuple[int, ...]) -> NDArray[Any] | None:
    if weight is None:
        return None
    classes = shape[0] if len(shape) == 1 else shape[1]
    array: NDArray[Any] = values(weight)
    if array.shape != (classes,):
        raise ShapeError(f"{name}: weight must have one number for each of {classes} classes, got shape {array.shape}")
    return array


def _holds_classes(name: str, target: Any) -> bool:
    """Whether a target holds class indices; if not, it holds probabilities."""
    dtype = target.dtype if isinstance(target, Tensor) else np.asarray(target).dtype
    if dtype.kind not in "iuf":
        raise DTypeError(f"{name}: target must hold integer classes or floating probabilities, got {dtype}")
    return bool(dtype.kind != "f")


def _labels(name: str, shape: tuple[int, ...], target: Labels) -> NDArray[Any]:
    """Class indices for an input of this shape."""
    labels: NDArray[Any] = values(target)
    if labels.dtype.kind not in "iu":
        raise DTypeError(f"{name}: class indices must be integers, got {labels.dtype}")
    expected = () if len(shape) == 1 else (shape[0], *shape[2:])
    if labels.shape != expected:
        raise ShapeError(f"{name}: input {shape} needs class indices of shape {expected}, got {labels.shape}")
    return labels
