"""Normalisation: subtract a mean, divide by a standard deviation, scale and shift again.

One operation with kernels for it: written as a composition it would go through memory a dozen times.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..broadcasting import sum_to
from ..errors import DTypeError
from ..kernels import normalizing as kernels
from ..primitive import nondifferentiable, primitive
from .powers import sqrt
from .reducing import mean

__all__: list[str] = []


@nondifferentiable
def moments(x: Any, axes: tuple[int, ...] = (), centred: bool = True) -> Any:
    """Mean and variance over some axes, (2, ...) in float64, axes kept, as constants. Arguments are `normalized`'s."""
    return kernels.moments(x, axes, centred)


@primitive
def normalized(*arrays: Any, axes: tuple[int, ...] = (), eps: float = 1e-5, centred: bool = True) -> Any:
    """(x - mean) / √(variance + eps) · weight + bias, for x, weight, bias and perhaps the `moments` of x.

    Weight and bias broadcast against x, or are numbers. If not centred, the mean is left where it is, and the mean of
    squares taken for the variance. Axes are sorted, and counted from the front.
    """
    x, weight, bias, *given = arrays
    if (dtype := np.result_type(*arrays[:3])).kind != "f":
        raise DTypeError(f"normalized: expected real floating arrays, got {dtype}")
    return kernels.normalize(x, weight, bias, given[0] if given else None, axes, eps, centred)


def _rule(g: Any, _y: Any, x: Any, weight: Any, bias: Any, *given: Any, axes: Any, eps: float, centred: bool) -> Any:
    """Of x, weight and bias, by kernels; on tensors as a composition, whose derivatives are those of its operations."""
    if all(isinstance(array, np.ndarray | float) for array in (g, x, weight, bias)):
        return *kernels.gradients(g, x, weight, bias, given[0] if given else None, axes, eps, centred), None
    left = x - mean(x, axes, keepdims=True) if centred else x
    deviation = sqrt(mean(left * left, axes, keepdims=True) + eps)
    h, u = left / deviation, g * weight
    gx = u - h * mean(u * h, axes, keepdims=True)
    gx = (gx - mean(u, axes, keepdims=True) if centred else gx) / deviation
    return gx, *(None if isinstance(p, float) else sum_to(q, p.shape) for p, q in ((weight, g * h), (bias, g))), None


normalized.defvjps(_rule)
