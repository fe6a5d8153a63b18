"""What all losses share: how losses of elements become one number, and which shapes belong together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ...autograd.errors import ShapeError
from ...autograd.tensor import Tensor

__all__ = ["reduced", "require_reduction", "require_same_shape", "values"]


def require_reduction(name: str, reduction: str) -> None:
    """Raise a ValueError for what is no reduction."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{name}: reduction must be 'mean', 'sum' or 'none', got {reduction!r}")


def reduced(name: str, losses: Any, reduction: str) -> Tensor:
    """The mean or the sum of losses, or all of them."""
    require_reduction(name, reduction)
    result: Tensor = losses.mean() if reduction == "mean" else losses.sum() if reduction == "sum" else losses
    return result


def require_same_shape(name: str, x: Any, target: Any, reason: str = "broadcasting would hide a mistake") -> None:
    """Raise a ShapeError unless both have one shape."""
    shape = np.shape(values(target))
    if x.shape != shape:
        raise ShapeError(f"{name}: input {x.shape} and target {shape} must have one shape; {reason}")


def values(x: ArrayLike | Tensor) -> Any:
    """The numbers of a constant."""
    return x.numpy() if isinstance(x, Tensor) else np.asarray(x)
