"""Max unpooling: what max pooling returned, put back where its indices say."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError
from ..sliding.options import plain
from ..sliding.pooling import unpooled
from ..tensor import Tensor
from .creating import asarray
from .indexing import scatter_add
from .pooling import located, sizes
from .shaping import reshape

__all__ = ["max_unpool1d", "max_unpool2d", "max_unpool3d"]


def max_unpool1d(
    x: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """`max_unpool2d` along one axis: x (N, C, L) or (C, L) -> (N, C, L')."""
    return _max_unpool("max_unpool1d", 1, x, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    x: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """Zeros, with each number of x added where `indices`, which `max_pool2d` returns, say: its partial inverse.

    x (N, C, H, W) or (C, H, W) -> (N, C, H', W'), with H' = (H - 1) stride - 2 padding + kernel_size. Numbers for one
    place add up, so this is the adjoint of taking an image at the indices; PyTorch keeps one of them.

    Args:
        indices: of the shape of x, places in the raveled (H', W').
        kernel_size, stride, padding: those of the pooling.
        output_size: (H', W'), or the whole shape, as several sizes of an image lead to the same x.

    Raises:
        ShapeError: x has other axes, or indices another shape.
        DTypeError: indices that are no integers.
        IndexError: one that lies outside the result.
        ValueError, TypeError: an option out of its bounds, or no int.
    """
    return _max_unpool("max_unpool2d", 2, x, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    x: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """`max_unpool2d` along three axes: x (N, C, D, H, W) or (C, D, H, W) -> (N, C, D', H', W')."""
    return _max_unpool("max_unpool3d", 3, x, indices, kernel_size, stride, padding, output_size)


def _max_unpool(
    name: str, n: int, x: Any, indices: Any, kernel_size: Any, stride: Any, padding: Any, output_size: Any
) -> Any:
    x, places = asarray(x), indices.numpy() if isinstance(indices, Tensor) else np.asarray(indices)
    try:
        spatial = unpooled(
            name,
            n,
            x.shape,
            plain(name, "kernel_size", kernel_size),
            stride if stride is None else plain(name, "stride", stride),
            plain(name, "padding", padding),
            sizes(name, output_size),
        )
        if places.dtype.kind not in "iu":
            raise DTypeError(f"{name}: indices must be integers, got {places.dtype}")
        if places.shape != x.shape:
            raise ShapeError(f"{name}: x {x.shape} needs an index for each number, got indices {places.shape}")
        outside = places[(places < 0) | (places >= prod(spatial))]
        if outside.size:
            raise IndexError(f"{name}: index {outside[0]} lies outside a result of {spatial}, {prod(spatial)} places")
    except (IndexError, TypeError, ValueError) as error:
        raise located(error, x) from None
    leading = x.shape[:-n]
    count = prod(leading)
    rows = np.arange(count)[:, None]
    flat = reshape(x, (count, prod(x.shape[-n:])))
    y = scatter_add(flat, (rows, places.reshape(flat.shape)), (count, prod(spatial)))
    return reshape(y, (*leading, *spatial))
