"""Discrete Fourier transforms along one axis: three linear primitives, of which the others are compositions.

The matrix of the transform, exp(-2πi jk/n), is symmetric: `_fft` and `_ifft` are their own rules. For real x half of
the frequencies say all, and two operations with weights between them are each other's rule: `_rfft` leaves the other
half out, `_hfft` counts it again (weight 2; 1 for frequency 0 and, if n is even, n/2, which have no other half).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ...errors import ShapeError
from ...primitive import primitive
from ..complex import conj
from ..indexing import scatter_add

__all__ = ["fft", "hfft", "ifft", "ihfft", "irfft", "rfft"]

Norm = Literal["backward", "ortho", "forward"] | None


@primitive
def _fft(x: Any, axis: int = -1, norm: Norm = None) -> Any:
    return np.fft.fft(x, None, axis, norm)


_fft.defvjp(lambda g, _y, _x, axis, norm: _fft(g, axis, norm))


@primitive
def _ifft(x: Any, axis: int = -1, norm: Norm = None) -> Any:
    return np.fft.ifft(x, None, axis, norm)


_ifft.defvjp(lambda g, _y, _x, axis, norm: _ifft(g, axis, norm))


@primitive
def _rfft(x: Any, axis: int = -1, norm: Norm = None) -> Any:
    """yₖ = Σⱼ xⱼ exp(-2πi jk/n) for k = 0 ... ⌊n/2⌋; x real."""
    return np.fft.rfft(x, None, axis, norm)


@primitive
def _hfft(x: Any, n: int = 1, axis: int = -1, norm: Norm = None) -> Any:
    """yⱼ = Σₖ wₖ Re(xₖ exp(-2πi jk/n)) for j = 0 ... n - 1; x has ⌊n/2⌋ + 1 elements, w are the weights."""
    return np.fft.hfft(x, n, axis, norm)


def _weights(n: int, axis: int, ndim: int) -> np.ndarray[Any, Any]:
    """How many of n frequencies each of the first ⌊n/2⌋ + 1 stands for, in a shape that broadcasts along an axis."""
    w = np.full(n // 2 + 1, 2, np.float16)  # widens no dtype
    w[0] = w[(n + 1) // 2 :] = 1
    return w.reshape([-1 if i == axis % ndim else 1 for i in range(ndim)])


def _rfft_rule(g: Any, _y: Any, _x: Any, axis: int, norm: Norm) -> Any:
    n = _x.shape[axis]
    return _hfft(g / _weights(n, axis, g.ndim), n, axis, norm)


_rfft.defvjp(_rfft_rule)
_hfft.defvjp(lambda g, _y, _x, n, axis, norm: _weights(n, axis, g.ndim) * _rfft(g, axis, norm))


def resized(x: Any, n: int | None, axis: int) -> Any:
    """x cut off, or filled up with zeros, to length n along an axis."""
    size = x.shape[normalize_axis_index(axis, x.ndim)]
    n = size if n is None else n
    if n < 1:
        raise ShapeError(f"fft: an axis of {n} points has no Fourier transform; x has shape {x.shape}, axis={axis}")
    shape = tuple(n if i == axis % x.ndim else length for i, length in enumerate(x.shape))
    common = tuple(slice(min(old, new)) for old, new in zip(x.shape, shape, strict=True))
    return x if n == size else x[common] if n < size else scatter_add(x, common, shape)


def fft(a: Any, n: int | None = None, axis: int = -1, norm: Norm = None) -> Any:
    """yₖ = Σⱼ aⱼ exp(-2πi jk/n) along an axis of n points, to which a is cut off or filled up with zeros.

    `norm` says which way is divided: "backward" (the default) the inverse by n, "forward" this one by n, "ortho" both
    by √n.
    """
    return _fft(resized(a, n, axis), axis, norm)


def ifft(a: Any, n: int | None = None, axis: int = -1, norm: Norm = None) -> Any:
    """The inverse of fft."""
    return _ifft(resized(a, n, axis), axis, norm)


def rfft(a: Any, n: int | None = None, axis: int = -1, norm: Norm = None) -> Any:
    """The first ⌊n/2⌋ + 1 elements of fft, which for a real a say all."""
    return _rfft(resized(a, n, axis), axis, norm)


def hfft(a: Any, n: int | None = None, axis: int = -1, norm: Norm = None) -> Any:
    """The fft, real, of n points with a₋ⱼ = conj(aⱼ), of which the first ⌊n/2⌋ + 1 are given; n is even by default."""
    n = 2 * (a.shape[normalize_axis_index(axis, a.ndim)] - 1) if n is None else n
    if n < 1:
        raise ShapeError(f"hfft, irfft: {n} points have no Fourier transform; the input has shape {a.shape}")
    return _hfft(resized(a, n // 2 + 1, axis), n, axis, norm)


_OTHER_WAY: dict[Any, Any] = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


def irfft(a: Any, n: int | None = None, axis: int = -1, norm: Norm = None) -> Any:
    """The inverse of rfft, for n points; n is even by default."""
    return hfft(conj(a), n, axis, _OTHER_WAY.get(norm, norm))


def ihfft(a: Any, n: int | None = None, axis: int = -1, norm: Norm = None) -> Any:
    """The inverse of hfft, for a real a of n points."""
    return conj(rfft(a, n, axis, _OTHER_WAY.get(norm, norm)))
