"""The family of relu: the identity above zero, something flatter below. At 0 the derivative is that from below."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..kernels.gating import gate, rectify
from ..primitive import elementwise
from .selecting import where

__all__ = ["elu", "leaky_relu", "relu", "relu6", "selu"]

# Klambauer et al., Self-Normalizing Neural Networks, 2017, equation 14
_SELU_ALPHA = 1.6732632423543772
_SELU_SCALE = 1.0507009873554805


@elementwise
def relu(x: Any) -> Any:
    """max(x, 0); its derivative at 0 is 0."""
    return rectify(x)


@elementwise
def _gate(x: Any, y: Any) -> Any:
    """x where y is positive, else 0."""
    return gate(x, y)


_gate.defvjp(lambda g, _y, _x1, x2: _gate(g, x2), None)
relu.defvjp(lambda g, y, _x: _gate(g, y))


@elementwise
def relu6(x: Any) -> Any:
    """min(max(x, 0), 6); its derivative at 0 and 6 is 0."""
    return np.clip(x, 0, 6)


relu6.defvjp(lambda g, y, _x: where((y > 0) & (y < 6), g, 0))


@elementwise
def leaky_relu(x: Any, negative_slope: float = 0.01) -> Any:
    """x where positive, else negative_slope * x."""
    return np.where(x > 0, x, x * negative_slope)


leaky_relu.defvjp(lambda g, _y, x, negative_slope: where(x > 0, g, g * negative_slope))


@elementwise
def elu(x: Any, alpha: float = 1.0) -> Any:
    """x where positive, else alpha (exp(x) - 1). (Clevert et al., 2015)"""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


elu.defvjp(lambda g, y, x, alpha: where(x > 0, g, g * (y + alpha)))


def selu(x: Any) -> Any:
    """The scaled elu whose activations normalise themselves. (Klambauer et al., 2017)"""
    return elu(x, _SELU_ALPHA) * _SELU_SCALE
