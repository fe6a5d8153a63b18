"""Sorting, and what is read off elements in order."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw
from tapegrad.autograd.testing.strategies import POSITIVE

from .calls import Calls, call
from .record import Case

METHODS = (
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull",
    "linear", "median_unbiased", "normal_unbiased", "lower", "higher", "midpoint", "nearest",
)  # fmt: skip
SHARES: Any = st.sampled_from((0, 0.3, 1, np.float64(0.77), np.float32(0.5), [0.1, 0.6], [[0.25], [1.0]], [1, 0]))


@st.composite
def distinct(call: st.DrawFn, min_dims: int = 0, min_side: int = 1, complex: bool = False) -> Any:
    """Elements that differ by more than a difference moves them."""
    x = call(draw.distinct_arrays(draw.shapes(min_dims=min_dims, min_side=min_side)))
    if complex and call(st.booleans()):
        x = np.asarray(x + 1j * (x[::-1] if x.ndim else x), np.result_type(x, np.complex64))
    return x


@st.composite
def along(call: st.DrawFn, /, *further: st.SearchStrategy[Any], several: bool = True, **options: Any) -> Any:
    x = call(distinct(min_dims=0 if several else 1, complex=not further))
    axis = call(draw.axes(x.ndim, several=several).filter(lambda axis: axis != ()))
    return (x, *map(call, further)), {"axis": axis, **{name: call(option) for name, option in options.items()}}


def quantiles(scale: int, *, lines: bool = True) -> Calls:
    q: Any = SHARES.map(lambda q: q if scale == 1 else np.multiply(q, scale) if isinstance(q, list) else q * scale)
    q = q.map(lambda q: q.tolist() if isinstance(q, np.ndarray) else q)  # a constant: nothing to differentiate
    return along(q, keepdims=st.booleans(), method=st.sampled_from(METHODS)) | weighted(q, lines)


@st.composite
def weighted(call: st.DrawFn, q: st.SearchStrategy[Any], lines: bool) -> Any:
    """Weights for each element, or for all lines the same."""
    x = call(distinct(min_dims=1))
    axis = call(st.integers(-x.ndim, x.ndim - 1))
    shape = call(st.sampled_from((x.shape, x.shape[axis : axis + 1 or None]))) if lines else x.shape
    weights = call(draw.arrays(shape, st.just("float64"), POSITIVE))
    return (x, call(q)), {"axis": axis, "method": "inverted_cdf", "weights": weights}


@st.composite
def partitioned(call: st.DrawFn) -> Any:
    """Partitioned around every element, all are sorted; test_sorting.py has the others."""
    x = call(distinct(min_dims=1, complex=True))
    axis = call(draw.axes(x.ndim, several=False))
    return (x, tuple(range(x.size if axis is None else x.shape[axis]))), {"axis": axis}


CASES: dict[str, Case] = {
    "sort": Case(np.sort, along(several=False, stable=st.sampled_from((None, True))), numpy=np.sort),
}

COMPOSITIONS: dict[str, Calls] = {
    "partition": partitioned(),
    "sort_complex": call(distinct(min_dims=1, complex=True)),
    "unique": st.one_of(call(distinct(complex=True)), call(distinct(min_dims=2), axis=st.sampled_from((0, -1)))),
    "median": along(keepdims=st.booleans()),
    "nanmedian": along(keepdims=st.booleans()),
    "quantile": quantiles(1),
    "percentile": quantiles(100),
    "nanquantile": quantiles(1, lines=False),  # np.nanquantile raises an IndexError for some
    "nanpercentile": quantiles(100, lines=False),
}
