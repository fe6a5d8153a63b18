"""Convolution with 3×3 kernels by Winograd's minimal filtering."""

from __future__ import annotations

from .calls import convolve as convolve, input_gradient as input_gradient, weight_gradient as weight_gradient

__all__ = ["convolve", "input_gradient", "weight_gradient"]
