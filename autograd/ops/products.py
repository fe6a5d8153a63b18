"""Products that sum over an axis: matmul and its relatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..broadcasting import sum_to
from ..errors import ShapeError
from ..kernels import blas as kernels
from ..kernels.products import product
from ..primitive import primitive
from .creating import asarray
from .shaping import expand_dims, matrix_transpose, ravel, reshape, transpose

__all__ = ["dot", "inner", "linear", "matmul", "outer", "tensordot"]


@primitive
def matmul(x1: Any, x2: Any) -> Any:
    """x1 @ x2: (..., n, k) @ (..., k, m) -> (..., n, m); a vector is a row on the left, a column on the right."""
    with kernels.alone:
        return np.matmul(x1, x2)


def _matmul_left(g: Any, _y: Any, _x1: Any, x2: Any) -> Any:
    if x2.ndim == 1:  # (..., n, k) @ (k,) -> (..., n)
        return expand_dims(g, -1) * x2
    if len(_x1.shape) == 1:  # (k,) @ (..., k, m) -> (..., m)
        return sum_to((x2 @ expand_dims(g, -1))[..., 0], _x1.shape)
    return sum_to(g @ matrix_transpose(x2), _x1.shape)


def _matmul_right(g: Any, _y: Any, x1: Any, _x2: Any) -> Any:
    if x1.ndim == 1:
        if len(_x2.shape) == 1:
            return g * x1
        return sum_to(expand_dims(x1, -1) * expand_dims(g, -2), _x2.shape)
    if len(_x2.shape) == 1:
        return sum_to((expand_dims(g, -2) @ x1)[..., 0, :], _x2.shape)
    return sum_to(matrix_transpose(x1) @ g, _x2.shape)


matmul.defvjp(_matmul_left, _matmul_right)


def _rows(x: Any) -> Any:
    """(..., n) -> (N, n)"""
    return x if x.ndim == 2 else x.reshape(-1, x.shape[-1])


def _matrix_product(a: Any, b: Any) -> Any:
    """a @ b for two matrices, in rules: tensors stay in the graph."""
    return product(a, b) if type(a) is np.ndarray and type(b) is np.ndarray else matmul(a, b)


def _weight_gradient(g: Any, x: Any) -> Any:
    """gᵀ x for rows of cotangents (N, out) and inputs (N, in), in memory as `Linear` keeps its weight."""
    return _matrix_product(x.T, g).T


def _total(rows: Any) -> Any:
    """The sum of all rows, as a product: quicker than `sum` on few rows, or few columns."""
    ones = np.ones((1, len(rows)), rows.dtype)
    return (kernels.matmul(ones, rows) if type(rows) is np.ndarray else matmul(ones, rows))[0]


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """x weightᵀ + bias, for x (..., in), weight (out, in), bias (out,) or None -> (..., out)."""
    return _linear_without_bias(x, weight) if bias is None else _linear(x, weight, bias)


@primitive
def _linear(x: Any, weight: Any, bias: Any) -> Any:
    if bias.shape != (len(weight),):
        raise ShapeError(f"linear: weight {weight.shape} needs a bias of shape {weight.shape[:1]}, got {bias.shape}")
    y = product(_rows(x), weight.T, bias)
    return y if x.ndim == 2 else y.reshape(*x.shape[:-1], len(weight))


@primitive
def _linear_without_bias(x: Any, weight: Any) -> Any:
    y = product(_rows(x), weight.T)
    return y if x.ndim == 2 else y.reshape(*x.shape[:-1], len(weight))


_linear.defvjp(
    lambda g, _y, _x, weight, _bias: _matrix_product(_rows(g), weight).reshape(_x.shape),
    lambda g, _y, x, _weight, _bias: _weight_gradient(_rows(g), _rows(x)),
    lambda g, _y, _x, _weight, _bias: _total(_rows(g)),
)
_linear_without_bias.defvjp(
    lambda g, _y, _x, weight: _matrix_product(_rows(g), weight).reshape(_x.shape),
    lambda g, _y, x, _weight: _weight_gradient(_rows(g), _rows(x)),
)


def dot(x1: Any, x2: Any) -> Any:
    """The sum product of the last axis of x1 and the last but one of x2; a plain product with a scalar."""
    a, b = asarray(x1), asarray(x2)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    if b.ndim == 1 or (a.ndim <= 2 and b.ndim == 2):
        return matmul(a, b)
    return tensordot(a, b, ([a.ndim - 1], [b.ndim - 2]))


def inner(x1: Any, x2: Any) -> Any:
    """The sum product of the last axes."""
    a, b = asarray(x1), asarray(x2)
    return a * b if a.ndim == 0 or b.ndim == 0 else tensordot(a, b, ([a.ndim - 1], [b.ndim - 1]))


def outer(x1: Any, x2: Any) -> Any:
    """All products of an element of x1 with one of x2, (n, m)."""
    return expand_dims(ravel(asarray(x1)), 1) * ravel(asarray(x2))


def tensordot(a: Any, b: Any, axes: int | tuple[int | Sequence[int], int | Sequence[int]] = 2) -> Any:
    """The sum product over pairs of axes: the last n of a with the first n of b, or those listed."""
    a, b = asarray(a), asarray(b)
    if isinstance(axes, (int, np.integer)):
        left: Any = tuple(range(a.ndim - axes, a.ndim))
        right: Any = tuple(range(axes))
    else:
        left, right = axes
    left, right = normalize_axis_tuple(left, a.ndim), normalize_axis_tuple(right, b.ndim)
    pairs = [(a.shape[i], b.shape[j]) for i, j in zip(left, right, strict=False)]
    if len(left) != len(right) or any(n != m for n, m in pairs):
        raise ShapeError(f"tensordot: a {a.shape} over axes {left} and b {b.shape} over axes {right} do not match")
    rows = tuple(i for i in range(a.ndim) if i not in left)
    columns = tuple(j for j in range(b.ndim) if j not in right)
    summed = int(np.prod([n for n, _ in pairs]))
    row_sizes, column_sizes = [a.shape[i] for i in rows], [b.shape[j] for j in columns]
    flat_a = reshape(transpose(a, (*rows, *left)), (int(np.prod(row_sizes)), summed))  # (rows, summed)
    flat_b = reshape(transpose(b, (*right, *columns)), (summed, int(np.prod(column_sizes))))  # (summed, columns)
    return reshape(matmul(flat_a, flat_b), (*row_sizes, *column_sizes))
