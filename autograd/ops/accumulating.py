"""Running sums and products, and the product of all elements, whose derivative is made of running products."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import primitive
from .joining import concatenate
from .reducing import Axis, axes_of, kept_axes, masked
from .shaping import atleast_1d, flip, moveaxis, reshape

__all__ = ["cumprod", "cumsum", "cumulative_prod", "cumulative_sum", "prod"]


@primitive
def cumsum(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """Running sums along an axis, or raveled."""
    return np.cumsum(x, axis, dtype)


cumsum.defvjp(
    lambda g, _y, _x, axis, dtype: reshape(flip(cumsum(flip(g, axis or 0), axis or 0), axis or 0), _x.shape)
)  # raveled, g has one axis; so it has for a 0-d x


@primitive
def cumprod(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """Running products along an axis, or raveled; derivatives of every order are right where elements are zero."""
    return np.cumprod(x, axis, dtype)


def _cumprod_rule(g: Any, y: Any, x: Any, axis: int | None, dtype: Any) -> Any:
    """∂yⱼ/∂xᵢ = (x₀ … xᵢ₋₁) (xᵢ₊₁ … xⱼ) for j ≥ i: no division, which zeros would not survive."""
    gs, ys, xs = (moveaxis(reshape(each, g.shape), axis or 0, 0) for each in (g, y, x))
    return reshape(moveaxis(_from_one(ys) * _carried_back(gs, xs), 0, axis or 0), x.shape)


cumprod.defvjp(_cumprod_rule)


def _from_one(y: Any) -> Any:
    """Running products that do not count the element itself: 1, y₀, y₁ ... along the first axis."""
    return concatenate((np.ones(y[:1].shape, y.dtype), y[:-1]))


def _carried_back(g: Any, x: Any) -> Any:
    """Σ gⱼ xᵢ₊₁ … xⱼ over j ≥ i, for each i along the first axis: in rounds, each of which doubles the reach."""
    total, factors, reach = g, x[1:], 1
    while reach < len(g):
        total = concatenate((total[:-reach] + factors * total[reach:], total[-reach:]))
        factors = factors[:-reach] * factors[reach:]
        reach *= 2
    return total


@primitive
def prod(
    x: Any, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False, initial: Any = 1, where: Any = True
) -> Any:
    """Π x over some axes, from `initial` on, of the elements that the mask `where` selects.

    Derivatives of every order are right where elements are zero.
    """
    return np.multiply.reduce(x, axis, dtype, None, keepdims, initial, where)  # type: ignore[call-overload]


prod.defvjp(
    lambda g, _y, x, axis, dtype, keepdims, initial, where: masked(
        kept_axes(g * initial, x.shape, axis) * _others(masked(x, where, 1), axes_of(x.ndim, axis)), where
    )
)


def _others(x: Any, axes: tuple[int, ...]) -> Any:
    """For each element, the product of the others along some axes: of those before it and those behind it."""
    y: Any = np.ones(x.shape, x.dtype)
    for axis in axes:
        line = moveaxis(x, axis, 0)
        before = _from_one(cumprod(line, 0))
        behind = flip(_from_one(cumprod(flip(line, 0), 0)), 0)
        y = y * moveaxis(before * behind, 0, axis)
        x = prod(x, axis, keepdims=True)
    return y


def cumulative_sum(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
    """Running sums along an axis, which a vector need not name; `include_initial` puts a 0 in front.

    Raises:
        ValueError: no axis, and more than one to choose from.
    """
    x, axis = _line_and_axis("cumulative_sum", x, axis)
    y = cumsum(x, axis, dtype)
    return _led_by(0, y, axis) if include_initial else y


def cumulative_prod(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
    """Running products along an axis, which a vector need not name; `include_initial` puts a 1 in front.

    Raises:
        ValueError: no axis, and more than one to choose from.
    """
    x, axis = _line_and_axis("cumulative_prod", x, axis)
    y = cumprod(x, axis, dtype)
    return _led_by(1, y, axis) if include_initial else y


def _line_and_axis(name: str, x: Any, axis: int | None) -> tuple[Any, int]:
    x = atleast_1d(x)
    if axis is None and x.ndim > 1:
        raise ValueError(f"{name}: x has shape {x.shape}; say with axis= which of its axes is meant")
    return x, axis or 0


def _led_by(value: int, y: Any, axis: int) -> Any:
    shape = tuple(1 if i == axis % y.ndim else size for i, size in enumerate(y.shape))
    return concatenate((np.full(shape, value, y.dtype), y), axis)
