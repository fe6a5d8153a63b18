"""Dropout: noise while training, nothing otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...autograd.errors import DTypeError, ShapeError
from ...autograd.tensor import Tensor
from ..random import generator

__all__ = ["alpha_dropout", "dropout", "dropout1d", "dropout2d", "dropout3d"]


def dropout(x: Any, p: float = 0.5, training: bool = True, *, rng: np.random.Generator | None = None) -> Any:
    """Each element set to 0 with probability p, the others scaled by 1 / (1 - p); x itself when not training.

    Srivastava et al., Dropout, 2014.

    Raises:
        ValueError: p is not in [0, 1].
        DTypeError: integers, which cannot be scaled.
    """
    return _dropped("dropout", x, x.shape, p, training, rng)


def dropout1d(x: Any, p: float = 0.5, training: bool = True, *, rng: np.random.Generator | None = None) -> Any:
    """Whole channels of (N, C, L) or (C, L) dropped; see `dropout2d`."""
    return _channels("dropout1d", x, 1, p, training, rng)


def dropout2d(x: Any, p: float = 0.5, training: bool = True, *, rng: np.random.Generator | None = None) -> Any:
    """Whole channels of (N, C, H, W) or (C, H, W) set to 0 with probability p, the others scaled by 1 / (1 - p).

    Tompson et al., Efficient Object Localization Using Convolutional Networks, 2015.

    Raises:
        ShapeError: another number of axes.
    """
    return _channels("dropout2d", x, 2, p, training, rng)


def dropout3d(x: Any, p: float = 0.5, training: bool = True, *, rng: np.random.Generator | None = None) -> Any:
    """Whole channels of (N, C, D, H, W) or (C, D, H, W) dropped; see `dropout2d`."""
    return _channels("dropout3d", x, 3, p, training, rng)


def alpha_dropout(x: Any, p: float = 0.5, training: bool = True, *, rng: np.random.Generator | None = None) -> Any:
    """Dropout that keeps mean and variance of what comes out of SELU: dropped elements become -λα, not 0.

    Klambauer et al., Self-Normalizing Neural Networks, 2017.
    """
    _check("alpha_dropout", x, p)
    if not training or p == 0:
        return x
    kept = (rng or generator()).random(x.shape, np.float32) >= p
    floor = -1.7580993408473766  # -λα of SELU
    scale = 0.0 if p == 1 else (1 - p) ** -0.5 * (1 + p * floor**2) ** -0.5
    shift = -scale * floor * p
    factor, offset = (
        np.where(kept, scale, 0).astype(x.dtype),
        np.where(kept, shift, scale * floor + shift).astype(x.dtype),
    )
    return x * Tensor(factor, copy=None) + Tensor(offset, copy=None)


def _channels(name: str, x: Any, axes: int, p: float, training: bool, rng: Any) -> Any:
    if x.ndim not in (axes + 1, axes + 2):
        raise ShapeError(f"{name}: expected {axes + 1} or {axes + 2} axes, channels and {axes} in space, got {x.shape}")
    return _dropped(name, x, x.shape[:-axes] + (1,) * axes, p, training, rng)


def _dropped(name: str, x: Any, shape: tuple[int, ...], p: float, training: bool, rng: Any) -> Any:
    _check(name, x, p)
    if not training or p == 0:
        return x
    kept = (rng or generator()).random(shape, np.float32) >= p
    scale = np.zeros(shape, x.dtype) if p == 1 else kept * x.dtype.type(1 / (1 - p))
    return x * Tensor(scale, copy=None)


def _check(name: str, x: Any, p: float) -> None:
    if not 0 <= p <= 1:
        raise ValueError(f"{name}: p is a probability, got {p}")
    if x.dtype.kind not in "fc":
        raise DTypeError(f"{name}: expected a floating or complex tensor, got {x.dtype}, which cannot be scaled")
