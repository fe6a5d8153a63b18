"""Normalisation: subtract a mean, divide by a standard deviation, scale and shift again.

Layers differ in what they average over. A mean far from 0 costs no digits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...autograd.constants import plain
from ...autograd.errors import DTypeError, ShapeError
from ...autograd.ops.normalization import moments, normalized
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
        deviation = sqrt(_column(running_var, x) + eps)
        factor = 1 / deviation if weight is None else _column(weight, x) / deviation
        y = (x - _column(running_mean, x)) * factor
        return y if bias is None else y + _column(bias, x)
    axes = (0, *range(2, x.ndim))
    n = math.prod(x.shape[axis] for axis in axes)
    if n < 2:
        raise ShapeError(f"batch_norm: in training each channel needs two values or more; {x.shape} gives {n}")
    return _channels(x, axes, n, running_mean, running_var, weight, bias, momentum, eps)


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
    return _channels(x, tuple(range(2, x.ndim)), n, running_mean, running_var, weight, bias, momentum, eps)


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
    shape = *groups.shape[1:3], *(1,) * (x.ndim - 2)
    parameters = [each if each is None else each.reshape(shape) for each in (weight, bias)]
    return _normalized(groups, parameters, axes, eps).reshape(x.shape)


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
    return _normalized(x, [weight, bias], axes, eps)


def rms_norm(x: Any, normalized_shape: int | Sequence[int], weight: Any = None, eps: float | None = None) -> Any:
    """x / √(mean(x²) + eps) · weight, the mean over the last axes; eps is the dtype's own unless given.

    Zhang and Sennrich, Root Mean Square Layer Normalization, 2019. Errors as in `layer_norm`.
    """
    axes = _last_axes("rms_norm", x, normalized_shape, weight=weight)
    eps = float(np.finfo(x.dtype).eps) if eps is None else eps
    return _normalized(x, [weight, None], axes, eps, centred=False)


def _channels(
    x: Any, axes: tuple[int, ...], n: int, running_mean: Tensor | None, running_var: Tensor | None, weight: Any,
    bias: Any, momentum: float, eps: float,
) -> Any:  # fmt: skip
    """Normalised by moments over n values, which running statistics follow; those of several samples are averaged."""
    found = moments(x, axes=axes)
    if x.size and not (running_mean is None and running_var is None):
        mean, variance = plain(found).mean(1).reshape(2, -1)
        _follow(running_mean, mean, momentum)
        _follow(running_var, variance * (n / (n - 1)), momentum)
    parameters = [each if each is None else _column(each, x) for each in (weight, bias)]
    return _normalized(x, parameters, axes, eps, found)


def _normalized(
    x: Any, parameters: list[Any], axes: tuple[int, ...], eps: float, *found: Any, centred: bool = True
) -> Any:
    """Scaled and shifted by parameters that broadcast against x, or are None."""
    weight, bias = parameters
    arrays = x, 1.0 if weight is None else weight, 0.0 if bias is None else bias, *found
    return normalized(*arrays, axes=axes, eps=eps, centred=centred)


def _column(vector: Any, x: Any) -> Any:
    """(C,) -> (C, 1, ...), which broadcasts over (N, C, ...)."""
    return vector.reshape(-1, *(1,) * (x.ndim - 2))


def _follow(running: Tensor | None, batch: Any, momentum: float) -> None:
    if running is not None:
        running.data = (1 - momentum) * running.numpy() + momentum * batch.astype(running.dtype)


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
    axes = tuple(range(x.ndim - len(shape), x.ndim))
    _require_values(name, x, axes)
    return axes


def _require_values(name: str, x: Any, axes: tuple[int, ...]) -> None:
    if 0 in (x.shape[axis] for axis in axes):
        raise ShapeError(f"{name}: there is nothing to average over in an input of {x.shape}")


def _require_real(name: str, x: Any) -> None:
    if x.dtype.kind != "f":
        raise DTypeError(f"{name}: expected a real floating dtype, got {x.dtype}")
