"""Normalisation in NumPy, in float64 throughout.

Moments are (2, ...): mean and variance, the axes they are taken over kept. Weight and bias broadcast against x.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["gradients", "moments", "normalize"]


def moments(x: NDArray[Any], axes: tuple[int, ...], centred: bool) -> NDArray[Any]:
    """The mean and the variance over some axes; if not centred, 0 and the mean square."""
    mean = x.mean(axes, np.float64, keepdims=True)
    if not centred:
        mean = np.zeros_like(mean)
    return np.stack([mean, np.square(x - mean).mean(axes, keepdims=True)])


def normalize(x: NDArray[Any], weight: Any, bias: Any, moments: NDArray[Any], eps: float) -> NDArray[Any]:
    """(x - mean) / √(variance + eps) · weight + bias"""
    mean, variance = moments
    y: NDArray[Any] = (x - mean) / np.sqrt(variance + eps) * weight + bias
    return y.astype(np.result_type(x, weight, bias), copy=False)


def gradients(
    g: NDArray[Any], x: NDArray[Any], weight: Any, bias: Any, moments: NDArray[Any], axes: tuple[int, ...], eps: float,
    centred: bool,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Of x, weight and bias.

    u = g · weight, without its mean and without what points along the normalised h: (u - mean(u) - h mean(u h)) / σ.
    """
    mean, variance = moments
    deviation = np.sqrt(variance + eps)
    h = (x - mean) / deviation
    u = g * np.asarray(weight, np.float64)
    gx = u - h * (u * h).mean(axes, keepdims=True)
    if centred:
        gx -= u.mean(axes, keepdims=True)
    return (gx / deviation).astype(x.dtype), _for(weight, g * h), _for(bias, g)


def _for(parameter: Any, gradient: NDArray[Any]) -> Any:
    """Summed over what the parameter was broadcast to; a number has none."""
    if not isinstance(parameter, np.ndarray):
        return None
    sizes = (1,) * (gradient.ndim - parameter.ndim) + parameter.shape
    over = tuple(axis for axis, size in enumerate(sizes) if size == 1)
    return gradient.sum(over, np.float64).astype(parameter.dtype).reshape(parameter.shape)
