"""What makes arrays: of numbers, of other arrays, of their borders; and polynomials."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw
from tapegrad.autograd.testing.strategies import POSITIVE

from .. import arguments, references
from .calls import ANY, Calls, axis, call, on, some_of
from .record import Case

CASES: dict[str, Case] = {"padded": Case(references.padded, arguments.padded())}


DOUBLE = st.sampled_from(("float64", "complex128"))


def vectors(min_side: int = 0, max_side: int = 4, dtype: Any = ANY) -> st.SearchStrategy[Any]:
    return draw.arrays(draw.shapes(1, 1, min_side, max_side), dtype)


LENGTH = {"stat_length": st.sampled_from((None, 1, (2, 3)))}
KIND = {"reflect_type": st.sampled_from(("even", "odd"))}
BORDERS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "constant": {"constant_values": st.sampled_from((0, 1.5, (1, 2)))},
    "edge": {},
    "linear_ramp": {"end_values": st.sampled_from((0, (1, -2)))},
    "maximum": LENGTH,
    "mean": LENGTH,
    "median": LENGTH,
    "minimum": LENGTH,
    "reflect": KIND,
    "symmetric": KIND,
    "wrap": {},
}


@st.composite
def borders(draw_: st.DrawFn) -> Any:
    """A mode with its options and widths, and an array whose elements are distinct: extrema have kinks at ties."""
    mode = draw_(st.sampled_from(sorted(BORDERS)))
    x = draw_(draw.distinct_arrays(draw.shapes(min_side=1)))
    widths = draw_(st.sampled_from((0, 2, (1, 3), (7, 0), ((1, 2),) * max(x.ndim, 1))))
    return (x, widths, mode), draw_(st.fixed_dictionaries({}, optional=BORDERS[mode]))


def edited(values: bool) -> Calls:
    """An array, positions along an axis or of all elements, and values to put there."""

    def rest(x: Any) -> Calls:
        def along(axis: int | None) -> Calls:
            size = x.size if axis is None else x.shape[axis]
            ends = size + values  # insert takes the position behind the last element, too
            places = st.lists(st.integers(-size, ends - 1), max_size=3) if ends else st.just([])
            one = st.integers(-size, ends - 1) if ends else st.just(slice(None))
            where = st.one_of(places, one, st.just(slice(0, 2)), st.just(np.array([], int)))
            new = [draw.arrays((), st.just(str(x.dtype)))] if values else []
            return call(where, *new, axis=st.just(axis))

        axes: Any = draw.axes(x.ndim, several=False)
        return axes.flatmap(along)  # type: ignore[no-any-return]

    return on(rest)


def chosen(drawn: Any) -> Calls:
    """Conditions for some of what stands along the axis, first."""
    ((x,), params) = drawn
    size = x.size if params["axis"] is None else x.shape[params["axis"]]
    return st.lists(st.booleans(), max_size=size).map(lambda condition: ((condition, x), params))


@st.composite
def blocks(draw_: st.DrawFn) -> Any:
    rows, columns = draw_(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    one = draw.arrays((rows, columns), ANY)
    return ([[draw_(one), draw_(one)], [draw_(draw.arrays((2, 2 * columns), ANY))]],), {}


ENDS = draw.broadcasting_arrays(POSITIVE, POSITIVE, dtype=ANY)
NUMBER = st.sampled_from((0, 1, 2, 5))


def between(**options: st.SearchStrategy[Any]) -> Calls:
    return st.tuples(ENDS, st.fixed_dictionaries({"num": NUMBER, "endpoint": st.booleans(), **options}))


def two_vectors() -> Calls:
    return call(vectors(1), vectors(1))


COMPOSITIONS: dict[str, Calls] = {
    # creating
    "array": on(lambda x: call(ndmin=st.integers(0, 4))),
    "asarray": on(lambda x: call(order=st.sampled_from((None, "C", "F")))),
    "asanyarray": on(),
    "ascontiguousarray": on(min_dims=1),
    "asfortranarray": on(min_dims=1),
    "asarray_chkfinite": on(),
    "full": st.tuples(st.sampled_from(((3,), (2, 3))), draw.arrays((3,), ANY)).map(lambda drawn: (drawn, {})),
    "full_like": st.tuples(st.just(np.ones((2, 3))), draw.arrays((3,), st.just("float64"))).map(
        lambda drawn: (drawn, {})
    ),
    "broadcast_arrays": draw.broadcasting_arrays(POSITIVE, POSITIVE, POSITIVE, dtype=ANY).map(lambda xs: (xs, {})),
    "meshgrid": st.tuples(
        st.lists(vectors(), min_size=1, max_size=3).map(tuple),
        st.fixed_dictionaries({"sparse": st.booleans(), "indexing": st.sampled_from(("xy", "ij"))}),
    ),
    "linspace": between(axis=st.sampled_from((0, -1))),
    "logspace": between(base=st.sampled_from((10.0, 2.0))),
    "geomspace": between(axis=st.sampled_from((0, -1))),
    "vander": st.tuples(
        vectors().map(lambda x: (x,)),
        st.fixed_dictionaries({"N": st.sampled_from((None, 0, 3)), "increasing": st.booleans()}),
    ),
    # padding
    "pad": borders(),
    # editing
    "delete": edited(values=False),
    "insert": edited(values=True),
    "compress": on(lambda x: call(axis=some_of(x, several=False)), min_dims=1, min_side=1).flatmap(chosen),
    "extract": draw.arrays(dtype=ANY).map(lambda x: ((x.real > 0, x), {})),
    "apply_along_axis": st.tuples(
        st.sampled_from((np.sum, np.cumsum, np.diagflat)),
        st.sampled_from((0, -1)),
        draw.arrays(draw.shapes(min_dims=1, min_side=1), ANY),
    ).map(lambda drawn: (drawn, {})),
    "apply_over_axes": st.tuples(
        st.sampled_from((np.sum, np.cumsum)),
        draw.arrays(draw.shapes(min_dims=2, min_side=1), ANY),
        st.sampled_from((0, (0, 1), (1, 0))),
    ).map(lambda drawn: (drawn, {})),
    "resize": on(lambda x: call(st.sampled_from((0, 3, (2, 3), (), (5, 1))))),
    "trim_zeros": on(lambda x: call(st.sampled_from(("fb", "f", "b"))), min_dims=1),
    "unstack": on(lambda x: call(axis=axis(x)), min_dims=1),
    "diagflat": on(lambda x: call(st.integers(-2, 2))),
    "block": blocks(),
    # polynomials
    "polyval": st.one_of(call(vectors(1), draw.arrays(dtype=ANY)), call(vectors(), draw.arrays((2,), ANY))),
    "polyfit": st.tuples(draw.arrays((5,), "float64"), draw.arrays((5, 2), "float64")).map(
        lambda xs: ((np.linspace(-1, 1, 5) + 0.05 * xs[0], xs[1], 2), {})
    ),
    "polyadd": two_vectors(),
    "polysub": two_vectors(),
    "polymul": two_vectors(),
    "polydiv": call(vectors(1, dtype=DOUBLE), draw.arrays(draw.shapes(1, 1, 1, 3), DOUBLE, draw.NONZERO)),
    "polyder": vectors(1).flatmap(lambda p: call(st.just(p), st.integers(0, 3))),
    "polyint": vectors().flatmap(lambda p: call(st.just(p), st.integers(0, 3))),
    "poly": call(vectors(1)),
}
