"""Images made larger or smaller by interpolation, a linear operation; its adjoint stands beside it."""

from __future__ import annotations

from math import isfinite, prod
from typing import Any

from ..errors import DTypeError, ShapeError
from ..kernels import resizing as kernels
from ..primitive import primitive
from ..sliding.options import SPACE, each, plain
from .creating import asarray
from .pooling import located

__all__ = ["interpolate"]

_MODES = {"linear": 1, "bilinear": 2, "trilinear": 3}


@primitive
def _interpolate(x: Any, resizing: Any = None) -> Any:
    return kernels.resize(x, resizing)


@primitive
def _interpolate_adjoint(g: Any, resizing: Any = None) -> Any:
    return kernels.adjoint(g, resizing)


_interpolate.defvjp(lambda g, _y, _x, resizing: _interpolate_adjoint(g, resizing))
_interpolate_adjoint.defvjp(lambda g, _y, _g, resizing: _interpolate(g, resizing))


def interpolate(
    x: Any, size: Any = None, scale_factor: Any = None, mode: str = "nearest", align_corners: bool | None = None
) -> Any:
    """Images of another size: (N, C, L), (N, C, H, W) or (N, C, D, H, W) -> the same with other sizes in space.

    'nearest' repeats or leaves out pixels. 'linear', 'bilinear' and 'trilinear', for one, two and three axes of space,
    mix the two nearest along each, weighted by how near they are.

    Args:
        size: of the result, an int or one for each axis; or
        scale_factor: what the sizes are multiplied by, and then rounded down; a number, or one for each axis.
        align_corners: for all modes but 'nearest', whether the centres of the corner pixels stay where they are, and
            not the corners of the image.

    Raises:
        ShapeError: x has other axes, or no positions along one.
        ValueError: both sizes and factors, or neither; one out of bounds; a mode for another number of axes.
        TypeError, DTypeError: a size that is no int, a factor that is no number, elements that are no numbers.
    """
    x = asarray(x)
    try:
        resizing = _resizing(x.shape, size, scale_factor, mode, align_corners)
        if x.dtype.kind not in "biufc":
            raise DTypeError(f"interpolate: expected numbers, got {x.dtype}")
    except (TypeError, ValueError) as error:
        raise located(error, x) from None
    return _interpolate(x, resizing)


def _resizing(x: tuple[int, ...], size: Any, scale_factor: Any, mode: str, align_corners: bool | None) -> Any:
    n = len(x) - 2
    if n not in SPACE:
        raise ShapeError(f"interpolate: expected x of 3 to 5 axes, (N, C, L), (N, C, H, W) or (N, C, D, H, W), got {x}")
    if mode != "nearest" and _MODES.get(mode) != n:
        known = f"'nearest' or {next(name for name, axes in _MODES.items() if axes == n)!r}"
        raise ValueError(f"interpolate: mode must be {known} for x {x}, got {mode!r}")
    if mode == "nearest" and align_corners is not None:
        raise ValueError(f"interpolate: align_corners says nothing about mode 'nearest'; got {align_corners}")
    spatial = x[2:]
    if not prod(spatial):
        raise ShapeError(f"interpolate: x {x} has an axis without positions")
    if (size is None) == (scale_factor is None):
        raise ValueError(f"interpolate: expected size or scale_factor, got size={size}, scale_factor={scale_factor}")
    scales: tuple[float | None, ...] = (None,) * n
    if size is not None:
        output = each("interpolate", "size", plain("interpolate", "size", size), n, 1)
    else:
        scales = factors = _factors(scale_factor, n)
        output = tuple(int(positions * factor) for positions, factor in zip(spatial, factors, strict=True))
        if min(output) < 1:
            raise ValueError(f"interpolate: scale_factor {scale_factor} leaves nothing of {spatial}")
    if mode == "nearest":
        return kernels.nearest(spatial, output, scales)
    return kernels.linear(spatial, output, scales, bool(align_corners))


def _factors(scale_factor: Any, n: int) -> tuple[float, ...]:
    factors = tuple(scale_factor) if isinstance(scale_factor, (tuple, list)) else (scale_factor,) * n
    try:
        found = tuple(map(float, factors))
    except (TypeError, ValueError):
        raise TypeError(
            f"interpolate: scale_factor must be a number or a tuple of them, got {scale_factor!r:.60}"
        ) from None
    if len(found) != n or not all(factor > 0 and isfinite(factor) for factor in found):
        raise ValueError(f"interpolate: scale_factor must be a positive number or {n} of them, got {scale_factor}")
    return found
