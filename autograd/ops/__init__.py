"""The operations, a file for each family: the NumPy forward and, on the next lines, one rule for each argument.

A family uses only families above it in this list.
"""

from __future__ import annotations

from types import ModuleType

from . import (
    arithmetic,
    comparing,
    describing,
    complex,
    selecting,
    rectifiers,
    exponential,
    powers,
    trigonometric,
    bessel,
    shaping,
    joining,
    reducing,
    accumulating,
    extrema,
    softmax,
    normalization,
    indexing,
    writing,
    choosing,
    creating,
    editing,
    sorting,
    differences,
    polynomials,
    activations,
    products,
    fitting,
    statistics,
    correlating,
    quantiles,
    padding,
    nan,
    counting,
    histograms,
    signals,
    contracting,
    einsum,
    convolution,
    windows,
    pooling,
    averaging,
    unpooling,
    resizing,
)  # fmt: skip

FAMILIES: tuple[ModuleType, ...] = (
    arithmetic, comparing, describing, complex, selecting, rectifiers, exponential, powers, trigonometric, bessel,
    shaping, joining, reducing, accumulating, extrema, softmax, normalization, indexing, writing, choosing, creating,
    editing, sorting, differences, polynomials, activations, products, fitting, statistics, correlating, quantiles,
    padding, nan, counting, histograms, signals, contracting, einsum, convolution, windows, pooling, averaging,
    unpooling, resizing,
)  # fmt: skip

NAMESPACES = ("linalg", "fft", "special")
"""Folders of further families, imported at their first use: what NumPy and SciPy have in modules of these names."""

__all__ = ["FAMILIES", "NAMESPACES"]
