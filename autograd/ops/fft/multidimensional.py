"""Fourier transforms along several axes: one axis after the other, in NumPy's order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...errors import ShapeError
from .transforms import Norm, fft, ifft, irfft, rfft

__all__ = ["fft2", "fftn", "ifft2", "ifftn", "irfft2", "irfftn", "rfft2", "rfftn"]

Sizes = Sequence[int | None] | None
Axes = Sequence[int] | None


def _steps(name: str, a: Any, s: Sizes, axes: Axes) -> list[tuple[int | None, int]]:
    """The number of points and the axis of each transform; -1 takes the points that the axis has."""
    if axes is None:
        axes = range(-len(a.shape if s is None else s), 0)
    sizes = [-1] * len(axes) if s is None else list(s)
    if len(sizes) != len(axes):
        raise ShapeError(f"{name}: s={s} and axes={axes} must have the same length")
    if not sizes and name in ("rfftn", "irfftn"):
        raise ShapeError(f"{name}: needs an axis; the input has shape {a.shape}, axes={axes}")
    return [(a.shape[axis] if n == -1 else n, axis) for n, axis in zip(sizes, axes, strict=True)]


def _along(transform: Callable[..., Any], a: Any, steps: Sequence[tuple[int | None, int]], norm: Norm) -> Any:
    for n, axis in steps:
        a = transform(a, n, axis, norm)
    return a


def fftn(a: Any, s: Sizes = None, axes: Axes = None, norm: Norm = None) -> Any:
    """The fft along several axes, with s points on each; by default along all, or the last that s has sizes for."""
    return _along(fft, a, _steps("fftn", a, s, axes)[::-1], norm)


def ifftn(a: Any, s: Sizes = None, axes: Axes = None, norm: Norm = None) -> Any:
    """The inverse of fftn."""
    return _along(ifft, a, _steps("ifftn", a, s, axes)[::-1], norm)


def rfftn(a: Any, s: Sizes = None, axes: Axes = None, norm: Norm = None) -> Any:
    """The rfft along the last of several axes, then the fft along the others."""
    *others, (n, axis) = _steps("rfftn", a, s, axes)
    return _along(fft, rfft(a, n, axis, norm), others[::-1], norm)


def irfftn(a: Any, s: Sizes = None, axes: Axes = None, norm: Norm = None) -> Any:
    """The inverse of rfftn, real; the last axis gets an even number of points by default."""
    *others, (n, axis) = _steps("irfftn", a, s, axes)
    return irfft(_along(ifft, a, others, norm), None if s is None else n, axis, norm)


def fft2(a: Any, s: Sizes = None, axes: Axes = (-2, -1), norm: Norm = None) -> Any:
    """The fftn along two axes."""
    return fftn(a, s, axes, norm)


def ifft2(a: Any, s: Sizes = None, axes: Axes = (-2, -1), norm: Norm = None) -> Any:
    """The inverse of fft2."""
    return ifftn(a, s, axes, norm)


def rfft2(a: Any, s: Sizes = None, axes: Axes = (-2, -1), norm: Norm = None) -> Any:
    """The rfftn along two axes."""
    return rfftn(a, s, axes, norm)


def irfft2(a: Any, s: Sizes = None, axes: Axes = (-2, -1), norm: Norm = None) -> Any:
    """The inverse of rfft2."""
    return irfftn(a, s, axes, norm)
