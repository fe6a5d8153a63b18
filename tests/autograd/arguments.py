"""Strategies for the arguments of primitives that are not elementwise: `(arrays, parameters)`."""

from __future__ import annotations

from itertools import accumulate
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tapegrad.autograd.ops.writing import Place
from tapegrad.autograd.testing import strategies as draw
from tapegrad.autograd.testing.strategies import REAL

Drawn: TypeAlias = tuple[tuple[Any, ...], dict[str, Any]]

ANY = draw.dtypes(complex=True)


@st.composite
def where(call: st.DrawFn) -> Drawn:
    condition, x, y = call(draw.broadcasting_arrays(REAL, REAL, REAL, dtype=ANY))
    return (condition.real > 0, x, y), {}


@st.composite
def with_exponents(call: st.DrawFn) -> Drawn:
    x, exponent = call(draw.broadcasting_arrays(REAL, REAL))
    return (x, exponent.astype(int)), {}


@st.composite
def angles(call: st.DrawFn) -> Drawn:
    """Whose steps keep away from half a period."""
    x = call(draw.tied_arrays(draw.shapes(min_dims=1), values=(0, 1, 2.5, 4, 7.5, 12)))
    period = call(st.sampled_from((2 * np.pi, 4.7)))
    return (x,), {"axis": call(st.integers(-x.ndim, x.ndim - 1)), "period": period}


@st.composite
def reshape(call: st.DrawFn) -> Drawn:
    x = call(draw.arrays(dtype=ANY))
    shape = call(st.sampled_from([(x.size,), x.shape[::-1], (1, *x.shape), (*x.shape, 1)] + [(-1,)] * (x.size > 0)))
    return (x,), {"shape": shape, "order": call(st.sampled_from("CF"))}


@st.composite
def transpose(call: st.DrawFn) -> Drawn:
    x = call(draw.arrays(dtype=ANY))
    axes = call(st.none() | st.permutations(range(x.ndim)).map(tuple))
    if axes is not None and call(st.booleans()):
        axes = tuple(axis - x.ndim for axis in axes)
    return (x,), {"axes": axes}


@st.composite
def broadcast_to(call: st.DrawFn) -> Drawn:
    drawn = call(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, min_side=0, max_side=3))
    return (call(draw.arrays(drawn.input_shapes[0], ANY)),), {"shape": drawn.result_shape}


@st.composite
def copy(call: st.DrawFn) -> Drawn:
    return (call(draw.arrays(dtype=ANY)),), {"order": call(st.sampled_from("KCF"))}


@st.composite
def converted(call: st.DrawFn) -> Drawn:
    """Conversions that round nothing."""
    x = call(draw.arrays(dtype=ANY))
    wider = ("complex128",) if x.dtype.kind == "c" else ("float64", "complex128")
    return (x,), {"dtype": np.dtype(call(st.sampled_from(wider)))}


@st.composite
def padded(call: st.DrawFn) -> Drawn:
    x = call(draw.arrays(dtype=ANY))
    width = st.tuples(st.integers(0, 2), st.integers(0, 2))
    widths = tuple(call(width) for _ in range(x.ndim))
    return (x,), {"widths": widths, "constant_values": call(st.sampled_from((0, 2.5)))}


@st.composite
def reduction(call: st.DrawFn, complex: bool = False, min_side: int = 0) -> Drawn:
    x = call(draw.arrays(draw.shapes(min_side=min_side), ANY if complex else None))
    return (x,), {"axis": call(draw.axes(x.ndim)), "keepdims": call(st.booleans())}


@st.composite
def spread(call: st.DrawFn) -> Drawn:
    """For var and std: distinct elements, at least two of which go into each result if one is not to count."""
    x = call(draw.distinct_arrays(draw.shapes(min_dims=1, min_side=2)))
    if call(st.booleans()):
        x = (x + 1j * x[::-1]).astype(np.result_type(x, np.complex64))
    axis = call(draw.axes(x.ndim).filter(lambda axis: axis != ()))
    return (x,), {"axis": axis, "ddof": call(st.sampled_from((0, 1, 0.5))), "keepdims": call(st.booleans())}


@st.composite
def extremum(call: st.DrawFn) -> Drawn:
    x = call(draw.distinct_arrays(draw.shapes(min_side=1)))
    return (x,), {"axis": call(draw.axes(x.ndim)), "keepdims": call(st.booleans())}


@st.composite
def cumulative(call: st.DrawFn) -> Drawn:
    x = call(draw.arrays(dtype=ANY))
    return (x,), {"axis": call(draw.axes(x.ndim, several=False))}


@st.composite
def along_axis(call: st.DrawFn) -> Drawn:
    x = call(draw.arrays(draw.shapes(min_dims=1, min_side=1)))
    return (x,), {"axis": call(draw.axes(x.ndim, none=False))}


@st.composite
def labelled(call: st.DrawFn, reductions: bool = False) -> Drawn:
    x = call(draw.arrays(st.tuples(st.integers(1, 3), st.integers(1, 4))))
    labels = np.random.default_rng(call(draw.seeds())).integers(0, x.shape[1], len(x))
    chosen = {"reduction": call(st.sampled_from(("none", "sum", "mean")))} if reductions else {}
    return (x,), {"labels": labels, **chosen}


@st.composite
def getitem(call: st.DrawFn) -> Drawn:
    x = call(draw.arrays(dtype=ANY))
    return (x,), {"index": call(draw.indices(x.shape))}


@st.composite
def scatter_add(call: st.DrawFn) -> Drawn:
    shape = call(draw.shapes())
    index = call(draw.indices(shape))
    return (call(draw.arrays(np.empty(shape)[index].shape, ANY)),), {"index": index, "shape": shape}


@st.composite
def written(call: st.DrawFn) -> Drawn:
    """Values of the dtype of x, that broadcast to the part that they are written to."""
    x = call(draw.arrays(dtype=ANY))
    index = call(draw.indices(x.shape))
    part = x[index].shape
    value = call(draw.arrays(call(st.sampled_from((part, part[1:], ()))), str(x.dtype)))
    return (x, value), {"place": Place((), index, ())}


@st.composite
def concatenate(call: st.DrawFn) -> Drawn:
    shape = call(draw.shapes(min_dims=1))
    axis = call(st.integers(-len(shape), len(shape) - 1))
    arrays = []
    for size in call(st.lists(st.integers(0, 3), min_size=1, max_size=3)):
        own = list(shape)
        own[axis] = size
        arrays.append(call(draw.arrays(tuple(own), ANY)))
    return tuple(arrays), {"axis": axis, "ends": tuple(accumulate(x.shape[axis] for x in arrays))}


@st.composite
def matmul(call: st.DrawFn) -> Drawn:
    n, k, m = (call(st.integers(0, 3)) for _ in range(3))
    left, right = call(draw.broadcasting_shapes(2, max_dims=2, max_side=3))
    a, b = (*left, n, k), (*right, k, m)
    return tuple(call(draw.arrays(call(st.sampled_from((shape, (k,)))), ANY)) for shape in (a, b)), {}


@st.composite
def linear(call: st.DrawFn) -> Drawn:
    into, out = call(st.integers(1, 3)), call(st.integers(1, 3))
    dtype = call(draw.dtypes())
    shape = (*call(draw.shapes(max_dims=2, max_side=3)), into)
    return tuple(call(draw.arrays(each, dtype)) for each in (shape, (out, into), (out,))), {}


@st.composite
def einsum(call: st.DrawFn) -> Drawn:
    """Any subscripts without a repeated index inside a term; an axis may have size 1 where others have more."""
    sizes = {letter: call(st.integers(0, 3)) for letter in "abcd"}
    term = st.lists(st.sampled_from("abcd"), unique=True, max_size=3).map("".join)
    terms = tuple(call(st.lists(term, min_size=1, max_size=3)))
    used = "".join(sorted(set("".join(terms))))
    output = call(st.lists(st.sampled_from(used), unique=True).map("".join)) if used else ""
    arrays, dtype = [], call(ANY)  # one: which intermediate results are in float32 is not ours to choose
    for letters in terms:
        shape = tuple(1 if call(st.integers(0, 5)) == 0 else sizes[letter] for letter in letters)
        arrays.append(call(draw.arrays(shape, dtype)))
    return tuple(arrays), {"terms": terms, "output": output, "optimize": call(st.booleans())}
