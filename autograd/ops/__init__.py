"""The operations, a file for each family: the NumPy forward and, on the next lines, one rule for each argument.

A family uses only families above it in this list.
"""

from __future__ import annotations

from types import ModuleType

from . import (
    arithmetic,
    comparing,
    complex,
    selecting,
    rectifiers,
    exponential,
    powers,
    trigonometric,
    shaping,
    joining,
    reducing,
    softmax,
    indexing,
    products,
    einsum,
    convolution,
    windows,
    pooling,
    averaging,
    unpooling,
    resizing,
)  # fmt: skip

FAMILIES: tuple[ModuleType, ...] = (
    arithmetic, comparing, complex, selecting, rectifiers, exponential, powers, trigonometric, shaping, joining,
    reducing, softmax, indexing, products, einsum, convolution, windows, pooling, averaging, unpooling, resizing,
)  # fmt: skip

__all__ = ["FAMILIES"]
