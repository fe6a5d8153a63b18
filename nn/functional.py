"""Activations, losses and dropout as functions: compositions of the engine's operations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..autograd.errors import DTypeError, ShapeError
from ..autograd.kernels.crossentropy import require_classes
from ..autograd.ops.averaging import (
    adaptive_avg_pool1d as adaptive_avg_pool1d,
    adaptive_avg_pool2d as adaptive_avg_pool2d,
    adaptive_avg_pool3d as adaptive_avg_pool3d,
    avg_pool1d as avg_pool1d,
    avg_pool2d as avg_pool2d,
    avg_pool3d as avg_pool3d,
    lp_pool1d as lp_pool1d,
    lp_pool2d as lp_pool2d,
    lp_pool3d as lp_pool3d,
)
from ..autograd.ops.convolution import (
    conv1d as conv1d,
    conv2d as conv2d,
    conv3d as conv3d,
    conv_transpose1d as conv_transpose1d,
    conv_transpose2d as conv_transpose2d,
    conv_transpose3d as conv_transpose3d,
)
from ..autograd.ops.exponential import sigmoid as sigmoid, softplus as softplus
from ..autograd.ops.pooling import (
    adaptive_max_pool1d as adaptive_max_pool1d,
    adaptive_max_pool2d as adaptive_max_pool2d,
    adaptive_max_pool3d as adaptive_max_pool3d,
    max_pool1d as max_pool1d,
    max_pool2d as max_pool2d,
    max_pool3d as max_pool3d,
)
from ..autograd.ops.products import linear as linear
from ..autograd.ops.rectifiers import (
    elu as elu,
    leaky_relu as leaky_relu,
    relu as relu,
    relu6 as relu6,
    selu as selu,
)
from ..autograd.ops.resizing import interpolate as interpolate
from ..autograd.ops.softmax import (
    log_softmax as log_softmax,
    softmax as softmax,
    softmax_cross_entropy,
)
from ..autograd.ops.trigonometric import tanh as tanh
from ..autograd.ops.unpooling import (
    max_unpool1d as max_unpool1d,
    max_unpool2d as max_unpool2d,
    max_unpool3d as max_unpool3d,
)
from ..autograd.ops.windows import fold as fold, unfold as unfold
from ..autograd.tensor import Tensor
from .random import generator

__all__ = [
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d", "adaptive_max_pool2d",
    "adaptive_max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d", "conv1d", "conv2d", "conv3d", "conv_transpose1d",
    "conv_transpose2d", "conv_transpose3d", "cross_entropy", "dropout", "elu", "fold", "interpolate", "leaky_relu",
    "linear", "log_softmax", "lp_pool1d", "lp_pool2d", "lp_pool3d", "max_pool1d", "max_pool2d", "max_pool3d",
    "max_unpool1d", "max_unpool2d", "max_unpool3d", "mse_loss", "nll_loss", "relu", "relu6", "selu", "sigmoid",
    "softmax", "softplus", "tanh", "unfold",
]  # fmt: skip


def dropout(x: Any, p: float = 0.5, training: bool = True, *, rng: np.random.Generator | None = None) -> Any:
    """Each element set to 0 with probability p, the others scaled by 1 / (1 - p); x itself when not training.

    Srivastava et al., Dropout, 2014.

    Raises:
        ValueError: p is not in [0, 1].
        DTypeError: integers, which cannot be scaled.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"dropout: p is a probability, got {p}")
    if x.dtype.kind not in "fc":
        raise DTypeError(f"dropout: expected a floating or complex tensor, got {x.dtype}, which cannot be scaled")
    if not training or p == 0:
        return x
    kept = (rng or generator()).random(x.shape, np.float32) >= p
    scale = np.zeros(x.shape, x.dtype) if p == 1 else kept * x.dtype.type(1 / (1 - p))
    return x * Tensor(scale, copy=None)


def cross_entropy(logits: Any, target: Any, reduction: str = "mean") -> Tensor:
    """-ln softmax(logits) at the target class, averaged over samples.

    Args:
        logits: (N, C), or (C,) for one sample; not normalised.
        target: class indices (N,), or probabilities (one-hot, for instance) of the shape of `logits`.
        reduction: `mean`, `sum` or `none`.

    Raises:
        ShapeError: shapes that do not belong together.
        DTypeError: a target that is neither integers of shape (N,) nor floating of the logits' shape.
        ValueError: a class index outside [0, C), or an unknown reduction.
    """
    if len(logits.shape) not in (1, 2):
        raise ShapeError(f"cross_entropy: logits must be (N, C) or (C,), got {logits.shape}")
    _require_reduction("cross_entropy", reduction)
    if _holds_classes(target):
        if logits.ndim == 2:
            return softmax_cross_entropy(logits, target, reduction)  # type: ignore[no-any-return]
        label = _labels("cross_entropy", logits.shape, target)
        return softmax_cross_entropy(logits.reshape(1, -1), label.reshape(1), "sum")  # type: ignore[no-any-return]
    reason = "a floating target holds probabilities; class indices are integers"
    _require_same_shape("cross_entropy", logits, target, reason)
    return _reduced("cross_entropy", -(log_softmax(logits, -1) * target).sum(axis=-1), reduction)


def nll_loss(log_probabilities: Any, target: Any, reduction: str = "mean") -> Tensor:
    """-log_probabilities at the target class, averaged over samples; arguments and errors as in `cross_entropy`."""
    if len(log_probabilities.shape) not in (1, 2):
        raise ShapeError(f"nll_loss: log-probabilities must be (N, C) or (C,), got {log_probabilities.shape}")
    labels = _labels("nll_loss", log_probabilities.shape, target)
    require_classes(labels, log_probabilities.shape[-1])
    rows = () if labels.ndim == 0 else (np.arange(len(labels)),)
    return _reduced("nll_loss", -log_probabilities[(*rows, labels)], reduction)


def mse_loss(x: Any, target: Any, reduction: str = "mean") -> Tensor:
    """(x - target)², averaged over all elements.

    Raises:
        ShapeError: x and target have different shapes; broadcasting here would hide a mistake.
    """
    _require_same_shape("mse_loss", x, target, "broadcasting would hide a mistake")
    difference = x - target
    return _reduced("mse_loss", difference * difference, reduction)


def _require_reduction(name: str, reduction: str) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{name}: reduction must be 'mean', 'sum' or 'none', got {reduction!r}")


def _reduced(name: str, losses: Any, reduction: str) -> Tensor:
    _require_reduction(name, reduction)
    result: Tensor = losses.mean() if reduction == "mean" else losses.sum() if reduction == "sum" else losses
    return result


def _require_same_shape(name: str, x: Any, target: Any, reason: str) -> None:
    if x.shape != np.shape(_array(target)):
        raise ShapeError(f"{name}: input {x.shape} and target {np.shape(_array(target))} must have one shape; {reason}")


def _array(x: ArrayLike | Tensor) -> Any:
    return x.numpy() if isinstance(x, Tensor) else np.asarray(x)


def _holds_classes(target: Any) -> bool:
    """Whether a target holds class indices; if not, it holds probabilities."""
    dtype = target.dtype if isinstance(target, Tensor) else np.asarray(target).dtype
    if dtype.kind not in "iuf":
        raise DTypeError(f"cross_entropy: target must hold integer classes or floating probabilities, got {dtype}")
    return bool(dtype.kind != "f")


def _labels(name: str, shape: tuple[int, ...], target: ArrayLike | Tensor) -> Any:
    """Class indices for an input of this shape."""
    labels = _array(target)
    if labels.dtype.kind not in "iu":
        raise DTypeError(f"{name}: class indices must be integers, got {labels.dtype}")
    if labels.shape != shape[:-1]:
        raise ShapeError(f"{name}: input {shape} needs class indices of shape {shape[:-1]}, got {labels.shape}")
    return labels
