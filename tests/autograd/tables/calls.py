"""Calls of what is composed of primitives: `((arguments), {keywords})`, drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw

Call: TypeAlias = tuple[tuple[Any, ...], dict[str, Any]]
Calls: TypeAlias = st.SearchStrategy[Call]

ANY = draw.dtypes(complex=True)


def call(*args: st.SearchStrategy[Any], **kwargs: st.SearchStrategy[Any]) -> Calls:
    """A call with these arguments."""
    return st.tuples(st.tuples(*args), st.fixed_dictionaries(kwargs))


def on(
    arguments: Callable[[Any], Calls] | None = None, *, min_dims: int = 0, min_side: int = 0, max_dims: int = 3
) -> Calls:
    """A call on one array, with further arguments that depend on it."""
    x = draw.arrays(draw.shapes(min_dims=min_dims, min_side=min_side, max_dims=max_dims), ANY)

    def with_rest(array: Any) -> Calls:
        rest = call() if arguments is None else arguments(array)
        return rest.map(lambda drawn: ((array, *drawn[0]), drawn[1]))

    return x.flatmap(with_rest)


def axis(x: Any) -> st.SearchStrategy[int]:
    return st.integers(-x.ndim, x.ndim - 1)


def some_of(x: Any, **options: Any) -> st.SearchStrategy[Any]:
    return draw.axes(x.ndim, **options)


def integers(size: int, shape: Any) -> st.SearchStrategy[Any]:
    """Arrays of positions along an axis, from either end."""
    return draw.seeds().map(lambda seed: np.random.default_rng(seed).integers(-size, size, shape))


def taken(x: Any, axis: Any) -> Calls:
    return call(integers(x.size if axis is None else x.shape[axis], (2, 2)), axis=st.just(axis))


def taken_along(x: Any, axis: int) -> Calls:
    shape = [3 if i == axis % x.ndim else size for i, size in enumerate(x.shape)]
    return call(integers(x.shape[axis], shape), st.just(axis))


def list_of(shapes: st.SearchStrategy[tuple[tuple[int, ...], ...]]) -> st.SearchStrategy[list[Any]]:
    return shapes.flatmap(lambda each: st.tuples(*(draw.arrays(shape, ANY) for shape in each)).map(list))


def equal_shapes(min_dims: int, max_dims: int = 3) -> st.SearchStrategy[tuple[tuple[int, ...], ...]]:
    return st.tuples(draw.shapes(min_dims, max_dims), st.integers(1, 3)).map(lambda drawn: (drawn[0],) * drawn[1])


@st.composite
def joinable(call: st.DrawFn, axis: int, min_dims: int = 1) -> tuple[tuple[int, ...], ...]:
    """Shapes that differ along one axis."""
    shape = call(draw.shapes(min_dims=min_dims))
    sizes = call(st.lists(st.integers(0, 3), min_size=1, max_size=3))
    return tuple(tuple(size if i == axis else n for i, n in enumerate(shape)) for size in sizes)
