"""Initialisers: each fills a parameter in place and returns it. Names and formulas are PyTorch's.

A weight's fan is the number of elements that one output sums over (fan_in), or that one input goes to (fan_out):
`(out, in)` for a linear layer, `(out, in, *kernel)` for a convolution.
"""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np

from ..autograd.errors import ShapeError
from ..autograd.tensor import Tensor
from .random import generator

__all__ = [
    "calculate_gain", "constant_", "kaiming_normal_", "kaiming_uniform_", "normal_", "ones_", "uniform_",
    "xavier_normal_", "xavier_uniform_", "zeros_",
]  # fmt: skip

T = TypeVar("T", bound=Tensor)


def constant_(tensor: T, value: float) -> T:
    """Every element set to a value."""
    tensor.data = np.full(tensor.shape, value, tensor.dtype)
    return tensor


def zeros_(tensor: T) -> T:
    """Every element set to 0."""
    return constant_(tensor, 0.0)


def ones_(tensor: T) -> T:
    """Every element set to 1."""
    return constant_(tensor, 1.0)


def uniform_(tensor: T, low: float = 0.0, high: float = 1.0, *, rng: np.random.Generator | None = None) -> T:
    """Elements uniform in [low, high)."""
    tensor.data = (rng or generator()).uniform(low, high, tensor.shape)
    return tensor


def normal_(tensor: T, mean: float = 0.0, std: float = 1.0, *, rng: np.random.Generator | None = None) -> T:
    """Elements normal with this mean and standard deviation."""
    tensor.data = (rng or generator()).normal(mean, std, tensor.shape)
    return tensor


def xavier_uniform_(tensor: T, gain: float = 1.0, *, rng: np.random.Generator | None = None) -> T:
    """Uniform in ±gain √(6 / (fan_in + fan_out)). (Glorot and Bengio, 2010)"""
    bound = gain * math.sqrt(6 / sum(_fans(tensor)))
    return uniform_(tensor, -bound, bound, rng=rng)


def xavier_normal_(tensor: T, gain: float = 1.0, *, rng: np.random.Generator | None = None) -> T:
    """Normal with standard deviation gain √(2 / (fan_in + fan_out)). (Glorot and Bengio, 2010)"""
    return normal_(tensor, 0, gain * math.sqrt(2 / sum(_fans(tensor))), rng=rng)


def kaiming_uniform_(
    tensor: T, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu",
    *, rng: np.random.Generator | None = None,
) -> T:  # fmt: skip
    """Uniform in ±gain √(3 / fan), the gain being that of `nonlinearity`. (He et al., 2015)"""
    bound = calculate_gain(nonlinearity, a) * math.sqrt(3 / _fan(tensor, mode))
    return uniform_(tensor, -bound, bound, rng=rng)


def kaiming_normal_(
    tensor: T, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu",
    *, rng: np.random.Generator | None = None,
) -> T:  # fmt: skip
    """Normal with standard deviation gain / √fan, the gain being that of `nonlinearity`. (He et al., 2015)"""
    return normal_(tensor, 0, calculate_gain(nonlinearity, a) / math.sqrt(_fan(tensor, mode)), rng=rng)


def calculate_gain(nonlinearity: str, param: float = 0.01) -> float:
    """By how much a layer's weights must be larger for the variance to survive the nonlinearity; param is a slope."""
    gains = {
        "linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 0.75,
        "leaky_relu": math.sqrt(2 / (1 + param**2)),
    }  # fmt: skip
    if nonlinearity not in gains:
        raise ValueError(f"calculate_gain: no nonlinearity {nonlinearity!r}; there are {', '.join(gains)}")
    return gains[nonlinearity]


def _fans(tensor: Tensor) -> tuple[int, int]:
    if tensor.ndim < 2:
        raise ShapeError(
            f"init: fan-in and fan-out need a weight of 2 axes or more, (out, in, ...); got {tensor.shape}"
        )
    receptive = math.prod(tensor.shape[2:])
    return tensor.shape[1] * receptive, tensor.shape[0] * receptive


def _fan(tensor: Tensor, mode: str) -> int:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"init: mode must be 'fan_in' or 'fan_out', got {mode!r}")
    return _fans(tensor)[mode == "fan_out"]
