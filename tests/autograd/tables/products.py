"""Products."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw

from .. import arguments, references
from .calls import ANY, Calls
from .record import Case


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

CASES: dict[str, Case] = {
    "matmul": Case(np.matmul, arguments.matmul(), numpy=np.matmul),
    "linear": Case(references.linear, arguments.linear()),
    "linear_without_bias": Case(references.linear_without_bias, arguments.linear().map(lambda x: (x[0][:2], x[1]))),
    "einsum": Case(references.einsum, arguments.einsum()),
}

COMPOSITIONS: dict[str, Calls] = {
    "dot": DOT,
    "inner": INNER,
    "outer": OUTER,
    "tensordot": tensordots(),
    "vdot": two(lambda n, k, m: [((n,), (n,)), ((n, k), (n, k)), ((n, k), (k, n)), ((), ())]),
    "vecdot": st.one_of(
        two(lambda n, k, m: [((k,), (k,)), ((n, k), (k,)), ((n, 1, k), (m, k))]),
        two(lambda n, k, m: [((k, n), (k, n)), ((k, n), (m, k, 1))], axis=-2),
    ),
    "matvec": two(lambda n, k, m: [((n, k), (k,)), ((m, n, k), (k,)), ((m, n, k), (2, 1, k))]),
    "vecmat": two(lambda n, k, m: [((k,), (k, n)), ((m, k), (k, n)), ((2, 1, k), (m, k, n))]),
    "kron": two(lambda n, k, m: [((n, k), (m, 2)), ((n,), (m, k)), ((2, n, k), (m,)), ((), (n, m)), ((), ())]),
    "cross": st.one_of(
        two(lambda n, k, m: [((3,), (3,)), ((n, 3), (3,)), ((n, 1, 3), (m, 3))]),
        two(lambda n, k, m: [((3, n), (n, 3)), ((3, 1), (m, 3))], axisa=0, axisc=0),
        two(lambda n, k, m: [((n, 3, 2), (3, 2))], axis=-2),
    ),
    "linear": arguments.linear(),
    "softmax_cross_entropy": st.tuples(arguments.labelled(), st.sampled_from(("mean", "sum"))).map(
        lambda x: ((*x[0][0], x[0][1]["labels"]), {"reduction": x[1] if len(x[0][0][0]) else "sum"})
    ),
}
