"""Normalisation: subtract a mean, divide by a standard deviation, scale and shift again.

Layers differ in what they average over. The variance is the mean of the squares of what is left after subtraction, so
a mean far from 0 costs no digits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...autograd.constants import plain
from ...autograd.errors import DTypeError, ShapeError
from ...autograd.ops.powers import sqrt
from ...autograd.tensor import Tensor

__all__ = ["batch_norm", "group_norm", "instance_norm", "layer_norm", "rms_norm"]


def batch_norm(
    x: Any, running_mean: Tensor | None, running_var: Tensor | None, weight: Any = None, bias: Any = None,
    training: bool = False, momentum: float = 0.1, eps: float = 1e-5,
) -> Any:  # fmt: skip
    """(x - mean) / √(variance + eps) · weight + bias, a mean and a variance for each channel (axis 1).

    Args:
        x: (N, C, ...).
        running_mean, running_var: (C,); when not training they are the mean and the variance. In training these are
            the batch's, and the running ones move towards them: r becomes (1 - momentum) r + momentum · batch's.
            There the variance is the unbiased one, with n - 1 in the denominator.
        weight, bias: (C,), or None for 1 and 0.

    Ioffe and Szegedy, Batch Normalization, 2015.

    Raises:
        ShapeError: vectors of another length; in training, fewer than two values for each channel.
        ValueError: no running mean or variance when not training.
        DTypeError: integers, or complex numbers.
    """
    _check("batch_norm", x, 2, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    if not training:
        if running_mean is None or running_var is None:
            raise ValueError("batch_norm: without training=True it needs running_mean and running_var")
        return _scaled(x - _column(running_mean, x), _column(running_var, x), weight, bias, eps)
    axes = (0, *range(2, x.ndim))
    n = math.prod(x.shape[axis] for axis in axes)
    if n < 2:
        raise ShapeError(f"batch_norm: in training each channel needs two values or more; {x.shape} gives {n}")
    mean, centred, variance = _moments(x, axes)
    _follow(running_mean, plain(mean).reshape(-1), momentum)
    _follow(running_var, plain(variance).reshape(-1) * (n / (n - 1)), momentum)
    return _scaled(centred, variance, weight, bias, eps)


def instance_norm(
    x: Any, running_mean: Tensor | None = None, running_var: Tensor | None = None, weight: Any = None,
    bias: Any = None, use_input_stats: bool = True, momentum: float = 0.1, eps: float = 1e-5,
) -> Any:  # fmt: skip
    """`batch_norm` of each sample alone: a mean and a variance for each channel of each, over the axes of space.

    With `use_input_stats` the running ones, if there are any, move towards the means over the samples; without it they
    take the place of the samples' own. Ulyanov et al., Instance Normalization, 2016. Errors as in `batch_norm`.
    """
    if not use_input_stats:
        return batch_norm(x, running_mean, running_var, weight, bias, False, momentum, eps)
    _check("instance_norm", x, 3, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    n = math.prod(x.shape[2:])
    if n < 2:
        raise ShapeError(f"instance_norm: each channel of a sample needs two values or more; {x.shape} gives {n}")
    mean, centred, variance = _moments(x, tuple(range(2, x.ndim)))
    if len(x):
        _follow(running_mean, plain(mean).mean(0).reshape(-1), momentum)
        _follow(running_var, plain(variance).mean(0).reshape(-1) * (n / (n - 1)), momentum)
    return _scaled(centred, variance, weight, bias, eps)


def group_norm(x: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """(x - mean) / √(variance + eps) · weight + bias, the moments over groups of channels of each sample.

    Args:
        x: (N, C, ...).
        num_groups: of C / num_groups channels each.
        weight, bias: (C,), or None for 1 and 0.

    Wu and He, Group Normalization, 2018.

    Raises:
        ShapeError: C is not divisible by num_groups; vectors of another length; no values.
        DTypeError: integers, or complex numbers.
    """
    _check("group_norm", x, 2, weight=weight, bias=bias)
    if num_groups < 1 or x.shape[1] % num_groups:
        raise ShapeError(f"group_norm: {x.shape[1]} channels, of {x.shape}, do not make {num_groups} groups")
    groups = x.reshape(x.shape[0], num_groups, x.shape[1] // num_groups, *x.shape[2:])
    axes = tuple(range(2, groups.ndim))
    _require_values("group_norm", groups, axes)
    _, centred, variance = _moments(groups, axes)
    y = (centred / sqrt(variance + eps)).reshape(x.shape)
    return _affine(y, None if weight is None else _column(weight, x), None if bias is None else _column(bias, x))


def layer_norm(
    x: Any, normalized_shape: int | Sequence[int], weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Any:
    """(x - mean) / √(variance + eps) · weight + bias, the moments over the last axes.

    Args:
        x: (..., *normalized_shape).
        weight, bias: of normalized_shape, or None for 1 and 0.

    Ba, Kiros and Hinton, Layer Normalization, 2016.

    Raises:
        ShapeError: x does not end in normalized_shape; weight or bias have another shape; no values.
        DTypeError: integers, or complex numbers.
    """
    axes = _last_axes("layer_norm", x, normalized_shape, weight=weight, bias=bias)
    _, centred, variance = _moments(x, axes)
    return _affine(centred / sqrt(variance + eps), weight, bias)


def rms_norm(x: Any, normalized_shape: int | Sequence[int], weight: Any = None, eps: float | None = None) -> Any:
    """x / √(mean(x²) + eps) · weight, the mean over the last axes; eps is the dtype's own unless given.

    Zhang and Sennrich, Root Mean Square Layer Normalization, 2019. Errors as in `layer_norm`.
    """
    axes = _last_axes("rms_norm", x, normalized_shape, weight=weight)
    eps = float(np.finfo(x.dtype).eps) if eps is None else eps
    return _affine(x / sqrt((x * x).mean(axes, keepdims=True) + eps), weight, None)


def _moments(x: Any, axes: tuple[int, ...]) -> tuple[Any, Any, Any]:
    """The mean, what is left without it, and the variance; axes are kept."""
    mean = x.mean(axes, keepdims=True)
    centred = x - mean
    return mean, centred, (centred * centred).mean(axes, keepdims=True)


def _scaled(centred: Any, variance: Any, weight: Any, bias: Any, eps: float) -> Any:
    """For channels: one factor for each, so that the large array is multiplied only once."""
    deviation = sqrt(variance + eps)
    factor = 1 / deviation if weight is None else _column(weight, centred) / deviation
    return _affine(centred, factor, None if bias is None else _column(bias, centred))


def _affine(x: Any, weight: Any, bias: Any) -> Any:
    y = x if weight is None else x * weight
    return y if bias is None else y + bias


def _column(vector: Any, x: Any) -> Any:
    """(C,) -> (C, 1, ...), which broadcasts over (N, C, ...)."""
    return vector.reshape(-1, *(1,) * (x.ndim - 2))


def _follow(running: Tensor | None, batch: Any, momentum: float) -> None:
    if running is not None:
        running.data = (1 - momentum) * running.numpy() + momentum * batch


def _check(name: str, x: Any, least: int, **vectors: Any) -> None:
    _require_real(name, x)
    if x.ndim < least:
        raise ShapeError(f"{name}: expected (N, C{', L' * (least - 2)}, ...), got {x.shape}")
    for role, vector in vectors.items():
        if vector is not None and vector.shape != x.shape[1:2]:
            raise ShapeError(f"{name}: {x.shape} has {x.shape[1]} channels, but {role} has shape {vector.shape}")


def _last_axes(name: str, x: Any, normalized_shape: int | Sequence[int], **arrays: Any) -> tuple[int, ...]:
    _require_real(name, x)
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if not shape or x.shape[-len(shape) :] != shape:
        raise ShapeError(f"{name}: expected an input whose last axes are {shape}, got {x.shape}")
    for role, array in arrays.items():
        if array is not None and array.shape != shape:
            raise ShapeError(f"{name}: {role} must have the normalized shape {shape}, got {array.shape}")
    axes = tuple(range(-len(shape), 0))
    _require_values(name, x, axes)
    return axes


def _require_values(name: str, x: Any, axes: tuple[int, ...]) -> None:
    if 0 in (x.shape[axis] for axis in axes):
        raise ShapeError(f"{name}: there is nothing to average over in an input of {x.shape}")


def _require_real(name: str, x: Any) -> None:
    if x.dtype.kind != "f":
        raise DTypeError(f"{name}: expected a real floating dtype, got {x.dtype}")
