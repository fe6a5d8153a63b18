"""Normalising rows: x (R, L), each row by its own moments, which both kernels take for themselves: it is in the cache.

Weight and bias (G, W) are for rows r % G, each number for L / W neighbours. What is far from 0 is first brought near it
by `centre`, the mean rounded to the type of x; the rest of the mean is taken away afterwards, so no digits are lost.
Functions are given whole arrays and the number of a row: a view of each row would be counted, by all threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..jit import jit, summing
from ..sharing.offering import shared

__all__ = ["gradients", "normalize"]


@jit
def _normalize(start: int, stop: int, x: Any, weight: Any, bias: Any, eps: float, centred: bool, y: Any) -> None:
    """(x - mean) / √(variance + eps) · weight + bias, of rows start to stop."""
    (R, L), (G, W) = x.shape, weight.shape
    parts, out = x.reshape(R, W, L // W), y.reshape(R, W, L // W)
    for r in range(start, stop):
        centre, rest, scale = _moments(x, r, eps, centred)
        n = r % G
        if L == W:
            for i in range(L):
                y[r, i] = (x[r, i] - centre - rest) * scale * weight[n, i] + bias[n, i]
        else:
            for w in range(W):
                factor = scale * weight[n, w]
                offset = bias[n, w] - rest * factor
                for i in range(L // W):
                    out[r, w, i] = (parts[r, w, i] - centre) * factor + offset


@jit
def _gradients(
    start: int, stop: int, g: Any, x: Any, weight: Any, eps: float, centred: bool, grain: int, gx: Any, gweight: Any,
    gbias: Any,
) -> None:  # fmt: skip
    """gx = (u - mean(u) - h mean(u h)) / σ of rows start to stop, with u = g · weight and h the normalised x.

    To gweight and gbias (ranges, G, W), where each range has its own, is added Σ g h and Σ g.
    """
    (R, L), (G, W), own = x.shape, weight.shape, start // grain
    shape = R, W, L // W
    g_parts, x_parts, gx_parts = g.reshape(shape), x.reshape(shape), gx.reshape(shape)
    for r in range(start, stop):
        centre, rest, scale = _moments(x, r, eps, centred)
        n = r % G
        total = along = 0.0  # Σ u and Σ u (x - centre)
        if L == W:
            total, along = _products(g, x, r, weight, n, centre)
            for i in range(L):
                gweight[own, n, i] += g[r, i] * ((x[r, i] - centre - rest) * scale)
                gbias[own, n, i] += g[r, i]
        else:
            for w in range(W):
                s, q = _products_of_part(g_parts, x_parts, r, w, centre)
                total += s * weight[n, w]
                along += q * weight[n, w]
                gbias[own, n, w] += s
                gweight[own, n, w] += (q - rest * s) * scale
        steepness = (along - rest * total) * scale * scale * scale / L
        slope = x.dtype.type(steepness)
        offset = x.dtype.type((total * scale / L if centred else 0.0) - rest * steepness)
        if L == W:
            for i in range(L):
                gx[r, i] = g[r, i] * weight[n, i] * scale - offset - (x[r, i] - centre) * slope
        else:
            for w in range(W):
                factor = weight[n, w] * scale
                for i in range(L // W):
                    gx_parts[r, w, i] = g_parts[r, w, i] * factor - offset - (x_parts[r, w, i] - centre) * slope


@summing
def _moments(x: Any, r: int, eps: float, centred: bool) -> Any:
    """The mean of a row, as a number near it and the rest, and 1 / √(variance + eps)."""
    number, L = x.dtype.type, x.shape[1]
    centre = total = squares = number(0)
    if centred:
        first = x[r, 0]
        for i in range(L):
            total += x[r, i] - first
        centre = first + number(total / L)
        total = number(0)
    for i in range(L):
        d = x[r, i] - centre
        total += d
        squares += d * d
    rest = total / L if centred else 0.0
    return centre, number(rest), number(1 / np.sqrt(squares / L - rest * rest + eps))


@summing
def _products(g: Any, x: Any, r: int, weight: Any, n: int, centre: Any) -> Any:
    total = along = x.dtype.type(0)
    for i in range(x.shape[1]):
        u = g[r, i] * weight[n, i]
        total += u
        along += u * (x[r, i] - centre)
    return total, along


@summing
def _products_of_part(g: Any, x: Any, r: int, w: int, centre: Any) -> Any:
    total = along = x.dtype.type(0)
    for i in range(x.shape[2]):
        total += g[r, w, i]
        along += g[r, w, i] * (x[r, w, i] - centre)
    return total, along


normalize = shared(_normalize)
gradients = shared(_gradients)
