"""Normalisation: what is left without a mean, divided by a standard deviation, scaled and shifted, and its gradients.

    y = (x - mean) / √(variance + eps) · weight + bias        mean and variance over some axes of x

`reference` says it in NumPy, for any axes, dtype and layout. `calls` looks at how an array lies in memory: elements
that are normalised together are rows of it or columns, and there are kernels for both, in `runs` and `columns`.
"""

from __future__ import annotations

from .calls import gradients as gradients, moments as moments, normalize as normalize

__all__ = ["gradients", "moments", "normalize"]
