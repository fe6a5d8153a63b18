"""Activations that are composed of others: smooth and hard gates, and what squashes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError
from ..kernels.normal import distribution
from ..primitive import elementwise
from .complex import absolute
from .exponential import exp, sigmoid, softplus
from .indexing import getitem
from .rectifiers import elu
from .selecting import where
from .trigonometric import tanh

__all__ = [
    "celu", "gelu", "glu", "hard_sigmoid", "hard_swish", "hard_tanh", "hardshrink", "log_sigmoid", "mish", "silu",
    "softshrink", "softsign", "tanhshrink", "threshold",
]  # fmt: skip


@elementwise
def _normal_cdf(x: Any) -> Any:
    """Φ(x), the distribution function of the normal distribution."""
    if x.dtype.kind == "c":
        raise DTypeError(f"gelu: expected a real tensor, got {x.dtype}")
    return distribution(x if x.dtype.kind == "f" else x.astype(np.float64))


_normal_cdf.defvjp(lambda g, _y, x: g * exp(x * x * -0.5) * (1 / math.sqrt(2 * math.pi)))


def gelu(x: Any, approximate: str = "none") -> Any:
    """x Φ(x), with Φ the normal distribution function; or its approximation by "tanh". Hendrycks and Gimpel, 2016.

    Raises:
        ValueError: another approximation than "none" and "tanh".
    """
    if approximate == "none":
        return x * _normal_cdf(x)
    if approximate != "tanh":
        raise ValueError(f"gelu: approximate must be 'none' or 'tanh', got {approximate!r}")
    return 0.5 * x * (1 + tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


def silu(x: Any) -> Any:
    """x sigmoid(x), also called swish. Elfwing et al., 2017."""
    return x * sigmoid(x)


def mish(x: Any) -> Any:
    """x tanh(softplus(x)). Misra, 2019."""
    return x * tanh(softplus(x))


def celu(x: Any, alpha: float = 1.0) -> Any:
    """x where positive, else alpha (exp(x / alpha) - 1). Barron, 2017."""
    return elu(x / alpha) * alpha


def log_sigmoid(x: Any) -> Any:
    """ln sigmoid(x) = -softplus(-x), without overflow."""
    return -softplus(-x)


def softsign(x: Any) -> Any:
    """x / (1 + |x|). Bergstra et al., 2009."""
    return x / (1 + absolute(x))


def tanhshrink(x: Any) -> Any:
    """x - tanh(x)."""
    return x - tanh(x)


def softshrink(x: Any, lambd: float = 0.5) -> Any:
    """x - lambd where x > lambd, x + lambd where x < -lambd, else 0.

    Raises:
        ValueError: lambd < 0.
    """
    if lambd < 0:
        raise ValueError(f"softshrink: lambd must not be negative, got {lambd}")
    return where(x > lambd, x - lambd, where(x < -lambd, x + lambd, 0 * x))


def hardshrink(x: Any, lambd: float = 0.5) -> Any:
    """x where |x| > lambd, else 0."""
    return where((x > lambd) | (x < -lambd), x, 0 * x)


def threshold(x: Any, threshold: float, value: float) -> Any:
    """x where x > threshold, else the value."""
    return where(x > threshold, x, x.dtype.type(value))


def hard_tanh(x: Any, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    """x cut off at min_val and max_val, where its derivative is 0."""
    low, high = x.dtype.type(min_val), x.dtype.type(max_val)
    return where(x <= low, low, where(x >= high, high, x))


def hard_sigmoid(x: Any) -> Any:
    """x / 6 + 1/2, cut off at 0 and 1. Howard et al., 2019."""
    return hard_tanh(x, -3.0, 3.0) / 6 + 0.5


def hard_swish(x: Any) -> Any:
    """x hard_sigmoid(x). Howard et al., Searching for MobileNetV3, 2019."""
    return x * hard_sigmoid(x)


def glu(x: Any, axis: int = -1) -> Any:
    """The first half of an axis times the sigmoid of the second. Dauphin et al., 2017.

    Raises:
        ShapeError: the axis has an odd size, or there is none.
    """
    if x.ndim == 0 or x.shape[axis] % 2:
        raise ShapeError(f"glu: axis {axis} must have an even size, got shape {x.shape}")
    half, before = x.shape[axis] // 2, (slice(None),) * (axis % x.ndim)
    first, second = (getitem(x, (*before, part)) for part in (slice(None, half), slice(half, None)))
    return first * sigmoid(second)
