"""Forms that are linear in each of two inputs."""

from __future__ import annotations

from typing import Any

from ...autograd.errors import ShapeError
from ...autograd.ops.einsum import einsum

__all__ = ["bilinear"]


def bilinear(x1: Any, x2: Any, weight: Any, bias: Any = None) -> Any:
    """x1ᵀ weightₖ x2 + biasₖ for each k: (..., in1), (..., in2) -> (..., out), with weight (out, in1, in2).

    Raises:
        ShapeError: shapes that do not go together.
    """
    out, in1, in2 = weight.shape
    if x1.shape[:-1] != x2.shape[:-1] or (x1.shape[-1:], x2.shape[-1:]) != ((in1,), (in2,)):
        raise ShapeError(f"bilinear: expected (..., {in1}) and (..., {in2}), alike before, got {x1.shape}, {x2.shape}")
    if bias is not None and bias.shape != (out,):
        raise ShapeError(f"bilinear: weight {weight.shape} needs a bias of shape ({out},), got {bias.shape}")
    y = einsum("...i,kij,...j->...k", x1, weight, x2, optimize=True)
    return y if bias is None else y + bias
