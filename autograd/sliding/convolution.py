"""The arguments of convolutions and transposed convolutions."""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError
from ..kernels.convolution.geometry import Geometry
from .options import SPACE, Option, Shape, each, pairs, require_axes, require_room

__all__ = ["convolution", "transposed_convolution"]

DTypes = tuple[np.dtype[Any], ...]


@lru_cache(1024)
def convolution(
    name: str,
    n: int,
    x: Shape,
    weight: Shape,
    bias: Shape | None,
    dtypes: DTypes,
    stride: Option,
    padding: Option,
    dilation: Option,
    groups: Option,
) -> Geometry:
    """How the kernel moves, for arguments of these shapes.

    Raises:
        ShapeError: the shapes do not go together.
        ValueError: an option that is no way to move.
        DTypeError: dtypes whose product is no number.
    """
    require_axes(name, n, x)
    _require_weight(name, n, weight, "O, C / groups")
    _require_numbers(name, dtypes)
    _require_groups(name, groups)
    strides = each(name, "stride", stride, n, 1)
    dilations = each(name, "dilation", dilation, n, 1)
    geometry = Geometry(strides, _padding(name, n, padding, weight[2:], strides, dilations), dilations, groups)
    channels, given = x[-n - 1], f"{name}: x {x}, weight {weight}"
    if channels != weight[1] * groups:
        takes = f"{weight[1]}" if groups == 1 else f"{groups} groups of {weight[1]}"
        raise ShapeError(f"{given}: x has {channels} channels, but weight takes {takes}")
    if weight[0] % groups:
        raise ShapeError(f"{name}: weight {weight}: its {weight[0]} kernels are not divisible by groups={groups}")
    _require_bias(name, weight, bias, weight[0])
    require_room(given, geometry, x[-n:], weight[2:])
    return geometry


@lru_cache(1024)
def transposed_convolution(
    name: str,
    n: int,
    x: Shape,
    weight: Shape,
    bias: Shape | None,
    dtypes: DTypes,
    stride: Option,
    padding: Option,
    output_padding: Option,
    groups: Option,
    dilation: Option,
) -> tuple[Shape, Geometry]:
    """The spatial shape of the result, and the geometry of the convolution that leads from there to x.

    Raises: as `convolution`.
    """
    require_axes(name, n, x)
    _require_weight(name, n, weight, "C, O / groups")
    _require_numbers(name, dtypes)
    _require_groups(name, groups)
    strides = each(name, "stride", stride, n, 1)
    dilations = each(name, "dilation", dilation, n, 1)
    geometry = Geometry(strides, pairs(name, "padding", padding, n), dilations, groups)
    more = each(name, "output_padding", output_padding, n, 0)
    if any(m >= max(steps) for m, *steps in zip(more, strides, dilations, strict=True)):
        raise ValueError(
            f"{name}: output_padding must be less than stride or dilation, got {output_padding} with stride {stride} "
            f"and dilation {dilation}"
        )
    channels, given = x[-n - 1], f"{name}: x {x}, weight {weight}"
    if channels != weight[0]:
        raise ShapeError(f"{given}: x has {channels} channels, but weight takes {weight[0]}")
    if channels % groups:
        raise ShapeError(f"{given}: the {channels} channels of x are not divisible by groups={groups}")
    _require_bias(name, weight, bias, weight[1] * groups)
    if not prod(x[-n:]):
        raise ShapeError(f"{given}: x has an axis without positions")
    steps = zip(x[-n:], strides, geometry.extent(weight[2:]), geometry.padding, more, strict=True)
    spatial = tuple((m - 1) * stride + reach - sum(padding) + extra for m, stride, reach, padding, extra in steps)
    if min(spatial) < 1:
        raise ShapeError(f"{given}: padding {padding} leaves nothing of the result, {spatial}; pad less")
    return spatial, geometry


def _require_weight(name: str, n: int, weight: Shape, channels: str) -> None:
    if len(weight) != n + 2:
        axes = ", ".join(f"k{axis}" for axis in SPACE[n].split(", "))
        raise ShapeError(f"{name}: expected weight of {n + 2} axes ({channels}, {axes}), got {weight}")
    if not prod(weight[2:]):
        raise ShapeError(f"{name}: weight {weight}: a kernel has at least one position along each axis")


def _require_bias(name: str, weight: Shape, bias: Shape | None, channels: int) -> None:
    if bias is not None and bias != (channels,):
        raise ShapeError(f"{name}: weight {weight} needs a bias of shape {(channels,)}, got {bias}")


def _require_groups(name: str, groups: Option) -> None:
    if isinstance(groups, tuple):
        raise TypeError(f"{name}: groups must be an int, got {groups}")
    if groups < 1:
        raise ValueError(f"{name}: groups must be at least 1, got {groups}")


def _require_numbers(name: str, dtypes: DTypes) -> None:
    if all(dtype.kind in "biufc" for dtype in dtypes) and any(dtype.kind != "b" for dtype in dtypes):
        return
    raise DTypeError(f"{name}: expected numbers, got {', '.join(map(str, dtypes))}; convert them with .astype(...)")


def _padding(
    name: str, n: int, padding: Option, kernel: Shape, strides: Shape, dilations: Shape
) -> tuple[tuple[int, int], ...]:
    """PyTorch's paddings; of an odd sum, 'same' puts the larger half after."""
    if padding == "valid":
        return ((0, 0),) * n
    if padding != "same":
        if isinstance(padding, str):
            raise ValueError(f"{name}: padding must be 'same', 'valid' or numbers, got {padding!r}")
        return pairs(name, "padding", padding, n)
    if max(strides) > 1:
        raise ValueError(f"{name}: padding='same' needs stride 1, got {strides}")
    sums = [dilation * (k - 1) for k, dilation in zip(kernel, dilations, strict=True)]
    return tuple((total // 2, total - total // 2) for total in sums)
