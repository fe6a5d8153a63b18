"""Activations under PyTorch's names."""

from __future__ import annotations

from typing import Any

from ...autograd.errors import ShapeError
from ...autograd.ops.activations import (
    celu as celu,
    gelu as gelu,
    glu as _glu,
    hard_sigmoid as hardsigmoid,
    hard_swish as hardswish,
    hard_tanh as hardtanh,
    hardshrink as hardshrink,
    log_sigmoid as logsigmoid,
    mish as mish,
    silu as silu,
    softshrink as softshrink,
    softsign as softsign,
    tanhshrink as tanhshrink,
    threshold as threshold,
)
from ...autograd.ops.exponential import sigmoid as sigmoid, softplus as _softplus
from ...autograd.ops.rectifiers import (
    elu as elu,
    leaky_relu as leaky_relu,
    relu as relu,
    relu6 as relu6,
    selu as selu,
)
from ...autograd.ops.selecting import where
from ...autograd.ops.softmax import log_softmax as log_softmax, softmax as softmax
from ...autograd.ops.trigonometric import tanh as tanh

__all__ = [
    "celu", "elu", "gelu", "glu", "hardshrink", "hardsigmoid", "hardswish", "hardtanh", "leaky_relu", "log_softmax",
    "logsigmoid", "mish", "normalize", "prelu", "relu", "relu6", "selu", "sigmoid", "silu", "softmax", "softmin",
    "softplus", "softshrink", "softsign", "tanh", "tanhshrink", "threshold",
]  # fmt: skip


def glu(x: Any, dim: int = -1) -> Any:
    """The first half of an axis times the sigmoid of the second. Errors as in `autograd.glu`."""
    return _glu(x, dim)


def softmin(x: Any, dim: int = -1) -> Any:
    """softmax(-x)."""
    return softmax(-x, dim)


def softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """ln(1 + exp(beta x)) / beta, and x itself where beta x > threshold, as in PyTorch."""
    return where(beta * x > threshold, x, _softplus(beta * x) / beta)


def prelu(x: Any, weight: Any) -> Any:
    """x where positive, else weight · x; one weight for all, or one for each channel (axis 1, axis 0 of a vector).

    He et al., Delving Deep into Rectifiers, 2015.

    Raises:
        ShapeError: neither one weight nor one for each channel.
    """
    if weight.shape != (1,):
        channels = x.shape[0 if x.ndim == 1 else 1] if x.ndim else 1
        if weight.shape != (channels,):
            raise ShapeError(
                f"prelu: expected 1 weight or {channels}, one for each channel of {x.shape}, got {weight.shape}"
            )
        weight = weight.reshape((-1,) + (1,) * max(x.ndim - 2, 0))
    return where(x > 0, x, weight * x)


def normalize(x: Any, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Any:
    """x / max(‖x‖ₚ, eps) along an axis."""
    from ...autograd.linalg import vector_norm

    norm = vector_norm(x, axis=dim, keepdims=True, ord=p)
    return x / where(norm > eps, norm, eps)
