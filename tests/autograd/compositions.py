"""What the engine composes of primitives: how to call each name. NumPy's function of that name is the reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw
from tapegrad.autograd.testing.strategies import POSITIVE, REAL, Domain

from . import arguments

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


@st.composite
def products(call: st.DrawFn, shapes: Callable[[int, int, int], list[tuple[Any, Any]]]) -> tuple[Any, Any]:
    """Two arrays of one of the pairs of shapes that sizes n, k, m allow."""
    pairs = shapes(*(call(st.integers(0, 3)) for _ in range(3)))
    left, right = call(st.sampled_from(pairs))
    return call(draw.arrays(left, ANY)), call(draw.arrays(right, ANY))


def two(pairs: Callable[[int, int, int], list[tuple[Any, Any]]], **kwargs: Any) -> Calls:
    return products(pairs).map(lambda drawn: (drawn, kwargs))


def tensordots() -> Calls:
    """Axes as a number, as lists, and as single numbers from the end."""
    return st.one_of(
        two(lambda n, k, m: [((n, k, m), (k, m, n))]),
        two(lambda n, k, m: [((n, k), (k, m)), ((n, m, k), (k,))], axes=1),
        two(lambda n, k, m: [((n, k), (m,))], axes=0),
        two(lambda n, k, m: [((n, k, m), (m, n, 2))], axes=([0, -1], [1, 0])),
        two(lambda n, k, m: [((k, n), (m, k))], axes=(0, -1)),
    )


DOT = st.one_of(
    two(lambda n, k, m: [((), (n, k)), ((n,), ()), ((k,), (k,)), ((n, k), (k,)), ((n, k), (k, m))]),
    two(lambda n, k, m: [((2, n, k), (k,)), ((k,), (n, k, m)), ((n, k), (2, k, m)), ((2, n, k), (3, k, m))]),
)
INNER = two(lambda n, k, m: [((), (n,)), ((k,), (k,)), ((n, k), (m, k)), ((k,), (m, n, k)), ((2, n, k), (m, k))])
OUTER = two(lambda n, k, m: [((n,), (m,)), ((n, k), (m,)), ((), (m,))])
NEAR_ONE, NEAR_MINUS_ONE = Domain(0.9, 1.1), Domain(-1.1, -0.9)
SECTIONS = st.sampled_from((1, 2, 3, (1,), [0, 2], (3, 1), (-1,), (2, 5)))

COMPOSITIONS: dict[str, Calls] = {
    # selecting
    "where": draw.broadcasting_arrays(REAL, REAL, REAL).map(lambda xs: ((xs[0] > 0, *xs[1:]), {})),
    "clip": st.one_of(
        call(draw.arrays(domain=Domain(-3, 3, (-1, 2))), st.just(-1), st.just(2.0)),
        call(draw.arrays(domain=Domain(-3, 3, (-1,))), st.just(-1), st.none()),
        call(draw.arrays(domain=Domain(-3, 3, (2,))), min=st.none(), max=st.just(2)),
        draw.broadcasting_arrays(Domain(-3, 3, (-1, 1), 0.2), NEAR_MINUS_ONE, NEAR_ONE).map(lambda xs: (xs, {})),
    ),
    "nan_to_num": st.one_of(
        call(draw.arrays()),
        call(draw.tied_arrays(values=(1.5, np.nan, np.inf, -np.inf)), nan=st.just(0.5), posinf=st.just(7.0)),
    ),
    # rectifiers, exponential, powers
    "selu": call(draw.arrays(domain=draw.NONZERO)),
    "softplus": call(draw.arrays()),
    "float_power": draw.broadcasting_arrays(POSITIVE, REAL).map(lambda xs: (xs, {})),
    # shaping
    "ravel": on(lambda x: call(order=st.sampled_from("CF"))),
    "swapaxes": on(lambda x: call(axis(x), axis(x)), min_dims=1),
    "moveaxis": on(lambda x: call(axis(x), axis(x)), min_dims=1),
    "rollaxis": on(lambda x: call(axis(x), st.integers(-x.ndim, x.ndim)), min_dims=1),
    "matrix_transpose": on(min_dims=2),
    "squeeze": on(lambda x: call(st.sampled_from([None, *(i for i, size in enumerate(x.shape) if size == 1)]))),
    "expand_dims": on(lambda x: call(st.sampled_from((0, -1, (0, 1), (-1, 0))))),
    "atleast_1d": on(),
    "atleast_2d": on(),
    "atleast_3d": on(),
    "astype": on(lambda x: call(st.sampled_from([wide for wide in ("float64", "complex128") if x.dtype <= wide]))),
    "flip": on(lambda x: call(some_of(x))),
    "flipud": on(min_dims=1),
    "fliplr": on(min_dims=2),
    "roll": st.one_of(
        on(lambda x: call(st.integers(-3, 3), some_of(x, several=False))),
        on(lambda x: call(st.just((1, -1)), st.just((0, 0))), min_dims=1),
    ),
    "rot90": on(lambda x: call(st.integers(-3, 4), st.sampled_from(((0, 1), (1, 0), (0, -1)))), min_dims=2),
    "tile": on(lambda x: call(st.sampled_from((2, (2, 1), (1, 3, 2), (0,), ())))),
    "repeat": on(lambda x: st.one_of(call(st.integers(0, 3), some_of(x, several=False)), call(st.just(2)))),
    "tril": on(lambda x: call(st.integers(-2, 2)), min_dims=1),
    "triu": on(lambda x: call(st.integers(-2, 2)), min_dims=1),
    "pad": on(lambda x: call(st.sampled_from((0, 2, (1, 2), ((1, 2),))), constant_values=st.sampled_from((0, 1.5)))),
    # reducing
    "prod": on(lambda x: call(axis=some_of(x), keepdims=st.booleans())),
    # indexing
    "getitem": on(lambda x: call(draw.indices(x.shape))),
    "scatter_add": call(draw.arrays((3, 2), ANY), st.just(np.array([2, 0, 2])), st.just((4, 2))),
    "take": on(lambda x: draw.axes(x.ndim, several=False).flatmap(lambda axis: taken(x, axis)), min_side=1),
    "take_along_axis": on(lambda x: axis(x).flatmap(lambda axis: taken_along(x, axis)), min_dims=1, min_side=1),
    "diagonal": on(lambda x: call(st.integers(-3, 3), st.just(-1), st.just(0)), min_dims=2),
    "diag": on(lambda x: call(st.integers(-3, 3)), min_dims=1, max_dims=2),
    "trace": on(lambda x: call(st.integers(-3, 3), st.just(0), st.just(1)), min_dims=2),
    # joining
    "concatenate": st.one_of(
        call(list_of(joinable(0)), axis=st.sampled_from((0, None))), call(list_of(joinable(1, 2)), st.just(1))
    ),
    "stack": st.one_of(
        call(list_of(equal_shapes(0)), axis=st.sampled_from((0, -1))), call(list_of(equal_shapes(1)), st.just(1))
    ),
    "vstack": st.one_of(call(list_of(joinable(0, 2))), call(list_of(equal_shapes(0, 1)))),
    "hstack": st.one_of(call(list_of(joinable(1, 2))), call(list_of(equal_shapes(0, 1)))),
    "dstack": call(list_of(equal_shapes(0))),
    "column_stack": st.one_of(call(list_of(equal_shapes(0, 2))), st.just((([np.ones(3), np.ones((3, 2))],), {}))),
    "append": st.one_of(
        call(draw.arrays(dtype=ANY), draw.arrays(dtype=ANY)),
        call(draw.arrays((2, 3)), draw.arrays((1, 3)), st.just(0)),
    ),
    "array_split": on(lambda x: call(SECTIONS, axis(x)), min_dims=1),
    "split": st.one_of(
        call(draw.arrays((4, 6), ANY), st.sampled_from((1, 2, (1, 3), np.array([2]))), st.sampled_from((0, 1, -1)))
    ),
    "hsplit": call(st.one_of(draw.arrays((4, 6), ANY), draw.arrays((6,))), st.sampled_from((1, 2, (1, 3)))),
    "vsplit": call(draw.arrays((4, 2), ANY), st.sampled_from((1, 2, (1, 3)))),
    "dsplit": call(draw.arrays((2, 1, 4), ANY), st.sampled_from((1, 2, (1, 3)))),
    # products
    "dot": DOT,
    "inner": INNER,
    "outer": OUTER,
    "tensordot": tensordots(),
    "linear": arguments.linear(),
    "softmax_cross_entropy": st.tuples(arguments.labelled(), st.sampled_from(("mean", "sum"))).map(
        lambda x: ((*x[0][0], x[0][1]["labels"]), {"reduction": x[1] if len(x[0][0][0]) else "sum"})
    ),
}
