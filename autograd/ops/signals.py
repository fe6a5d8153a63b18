"""Functions that are given at points: convolved, correlated, and interpolated between the points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..constants import plain
from ..primitive import primitive
from .arithmetic import mod
from .comparing import argsort
from .complex import conj
from .creating import asarray
from .indexing import scatter_add
from .joining import concatenate
from .selecting import where
from .shaping import astype, atleast_1d, flip

__all__ = ["convolve", "correlate", "interp"]


@primitive
def _convolve_full(a: Any, v: Any) -> Any:
    """yₖ = Σ vⱼ aₖ₋ⱼ, wherever both overlap: (n,), (m,) -> (n + m - 1,)"""
    return np.convolve(a, v, "full")


@primitive
def _convolve_valid(a: Any, v: Any) -> Any:
    """The same, where v lies inside of a: (n,), (m,) -> (n - m + 1,), m ≤ n"""
    return np.convolve(a, v, "valid")


_convolve_full.defvjp(
    lambda g, _y, _a, v: _convolve_valid(g, flip(v)),
    lambda g, _y, a, _v: _convolve_valid(g, flip(a)),
)
_convolve_valid.defvjp(
    lambda g, _y, _a, v: _convolve_full(g, flip(v)),
    lambda g, _y, a, _v: flip(_convolve_valid(a, flip(g))),
)


def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """yₖ = Σ vⱼ aₖ₋ⱼ for two vectors.

    Args:
        mode: "full" for all k at which they overlap, "same" for the middle of these, as many as the longer vector has
            elements, "valid" for those at which the shorter lies inside of the longer.

    Raises:
        ValueError: another mode, an empty vector, more than one axis.
    """
    a, v = atleast_1d(asarray(a)), atleast_1d(asarray(v))
    if len(a) < len(v):
        a, v = v, a
    if mode == "valid":
        return _convolve_valid(a, v)
    y = _convolve_full(a, v)
    if mode == "full":
        return y
    if mode == "same":
        start = (len(v) - 1) // 2
        return y[start : start + len(a)]
    raise ValueError(f"convolve: expected mode 'full', 'same' or 'valid', got {mode!r}")


def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    """yₖ = Σ aₙ₊ₖ conj(vₙ) for two vectors; arguments are those of `convolve`."""
    a, v = atleast_1d(asarray(a)), atleast_1d(asarray(v))
    return conj(flip(correlate(v, a, mode))) if len(a) < len(v) else convolve(a, conj(flip(v)), mode)


def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    """The values at x of the line through the points (xp, fp); at a point, its slope is that to the right.

    Args:
        x: of any shape.
        xp, fp: vectors; xp ascends, unless there is a period.
        left, right: the values below and above all xp; by default those at the ends.
        period: of the line, which then has no ends.

    Raises:
        ValueError: no points, xp and fp of different lengths or with several axes, a period of 0.
    """
    x, xp, fp = (_double(each) for each in (x, xp, fp))
    if period is not None:
        if period == 0:
            raise ValueError("interp: expected a period other than 0")
        left = right = None
        x, xp = mod(x, abs(period)), mod(xp, abs(period))
        order = argsort(xp)
        xp, fp = xp[order], fp[order]
        xp, fp = concatenate((xp[-1:] - abs(period), xp, xp[:1] + abs(period))), concatenate((fp[-1:], fp, fp[:1]))
    y = _interp(x, xp, fp)
    if left is not None:
        y = where(x < xp[0], left, y)
    if right is not None:
        y = where(x > xp[-1], right, y)
    return y


def _double(x: Any) -> Any:
    x = asarray(x)
    return astype(x, np.complex128 if x.dtype.kind == "c" else np.float64, copy=False)


@primitive
def _interp(x: Any, xp: Any, fp: Any) -> Any:
    return np.interp(x, xp, fp)


def _segment(x: Any, xp: Any, fp: Any) -> tuple[Any, Any, Any, Any]:
    """The point before each x and the one behind it, how far x is between them, and the slope there."""
    places, points = (np.asarray(plain(each)) for each in (x, xp))
    before = np.clip(np.searchsorted(points, places, "right") - 1, 0, len(points) - 1)
    behind = np.minimum(before + 1, len(points) - 1)
    inside = (places >= points[0]) & (before != behind)
    width = where(inside, xp[behind] - xp[before], 1)
    return (
        before,
        behind,
        where(inside, (x - xp[before]) / width, 0),
        where(inside, (fp[behind] - fp[before]) / width, 0),
    )


def _by_x(g: Any, _y: Any, x: Any, xp: Any, fp: Any) -> Any:
    return g * _segment(x, xp, fp)[3]


def _by_xp(g: Any, _y: Any, x: Any, xp: Any, fp: Any) -> Any:
    before, behind, t, slope = _segment(x, xp, fp)
    return -_to_points(g * slope, before, behind, t, xp.shape)


def _by_fp(g: Any, _y: Any, x: Any, xp: Any, fp: Any) -> Any:
    before, behind, t, _ = _segment(x, xp, fp)
    return _to_points(g, before, behind, t, fp.shape)


def _to_points(g: Any, before: Any, behind: Any, t: Any, shape: tuple[int, ...]) -> Any:
    """Shared between the two points by how near they are."""
    return scatter_add(g * (1 - t), before, shape) + scatter_add(g * t, behind, shape)


_interp.defvjp(_by_x, _by_xp, _by_fp)
