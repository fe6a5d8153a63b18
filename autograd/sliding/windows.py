"""The arguments of unfold and fold."""

from __future__ import annotations

from functools import lru_cache
from math import prod

from ..errors import ShapeError
from ..kernels.convolution.geometry import Geometry
from .options import Option, Shape, each, pairs, require_axes, require_room

__all__ = ["folding", "unfolding"]


@lru_cache(1024)
def unfolding(
    x: Shape, kernel_size: Option, dilation: Option, padding: Option, stride: Option
) -> tuple[Shape, Geometry]:
    """The shape of the window and how it moves over images of a shape.

    Raises:
        ShapeError: x is not of images, or smaller than a window.
        ValueError: an option that is no way to move.
    """
    require_axes("unfold", 2, x)
    kernel, geometry = _window("unfold", kernel_size, dilation, padding, stride)
    require_room(f"unfold: x {x}", geometry, x[-2:], kernel)
    return kernel, geometry


@lru_cache(1024)
def folding(
    x: Shape, output_size: Option, kernel_size: Option, dilation: Option, padding: Option, stride: Option
) -> tuple[Shape, Shape, Geometry]:
    """The spatial shape of the result, the shape of the window, and how it moves there.

    Raises: as `unfolding`; x must have the axes that `unfold` gives images of that size.
    """
    spatial = each("fold", "output_size", output_size, 2, 1)
    kernel, geometry = _window("fold", kernel_size, dilation, padding, stride)
    require_room(f"fold: output_size {spatial}", geometry, spatial, kernel)
    if len(x) not in (2, 3):
        raise ShapeError(f"fold: expected x of 3 axes (N, C kH kW, L) or 2 (C kH kW, L), got {x}")
    if x[-2] % prod(kernel):
        raise ShapeError(f"fold: x {x}: {x[-2]} rows are not divisible by the {prod(kernel)} of a window {kernel}")
    places = geometry.output(spatial, kernel)
    if x[-1] != prod(places):
        raise ShapeError(f"fold: x {x}: a result of {spatial} has {places} windows, {prod(places)}, but x {x[-1]}")
    return spatial, kernel, geometry


def _window(
    name: str, kernel_size: Option, dilation: Option, padding: Option, stride: Option
) -> tuple[Shape, Geometry]:
    geometry = Geometry(
        each(name, "stride", stride, 2, 1), pairs(name, "padding", padding, 2), each(name, "dilation", dilation, 2, 1)
    )
    return each(name, "kernel_size", kernel_size, 2, 1), geometry
