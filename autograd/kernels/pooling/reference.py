"""Max pooling in plain NumPy: any dtype, any layout."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .regions import Regions

__all__ = ["places", "pool", "put", "take"]


def pool(x: NDArray[Any], regions: Regions, relu: bool) -> tuple[NDArray[Any], NDArray[Any]]:
    """(..., *spatial) -> the maxima (..., *output), and which position of its region each was first seen at."""
    images = x.reshape(*x.shape[: x.ndim - len(regions.spatial)], prod(regions.spatial))
    y = images[..., regions.origins]
    winners = np.zeros(y.shape, regions.dtype)
    for position, k in enumerate(product(*map(range, regions.size))):
        inside = _inside(regions, k)
        seen = images[..., np.where(inside, regions.origins + regions.offsets[position], regions.origins)]
        wins = inside & ((seen > y) | (seen != seen))
        y[wins] = seen[wins]
        winners[wins] = position
    if relu:
        shut = ~(y > 0)
        winners[shut] = regions.nobody
        y[y <= 0] = 0
    return y, winners


def _inside(regions: Regions, k: tuple[int, ...]) -> NDArray[np.bool]:
    """(*output): which regions have an element at a position."""
    depth, height, width = (i < counts[:n] for i, counts, n in zip(k, regions.count, regions.results, strict=True))
    inside: NDArray[np.bool] = depth[:, None, None] & height[:, None] & width
    return inside.reshape(regions.output)


def places(winners: NDArray[Any], regions: Regions) -> NDArray[np.int64]:
    """Where in the raveled image each winner stands; 0 for nobody."""
    offsets = np.append(regions.offsets, 0)
    return np.where(winners < regions.nobody, regions.origins + offsets[winners], 0)


def take(x: NDArray[Any], winners: NDArray[Any], regions: Regions) -> NDArray[Any]:
    """(..., *spatial) -> (..., *output): the elements that have won; 0 where nobody has."""
    leading = winners.shape[: winners.ndim - len(regions.output)]
    images = x.reshape(*leading, prod(regions.spatial))
    at = places(winners, regions).reshape(*leading, prod(regions.output))
    y = np.take_along_axis(images, at, -1).reshape(winners.shape)
    y[winners == regions.nobody] = 0
    return y


def put(g: NDArray[Any], winners: NDArray[Any], regions: Regions) -> NDArray[Any]:
    """(..., *output) -> (..., *spatial): zeros, with each result added where it came from. The adjoint of `take`."""
    leading = winners.shape[: winners.ndim - len(regions.output)]
    gx = np.zeros((prod(leading), prod(regions.spatial)), g.dtype)
    at = places(winners, regions).reshape(len(gx), prod(regions.output))
    np.add.at(gx, (np.arange(len(gx))[:, None], at), np.where(winners < regions.nobody, g, 0).reshape(at.shape))
    return gx.reshape(*leading, *regions.spatial)
