"""Reductions, and running sums and products."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw

from .. import arguments, references
from .calls import ANY, Calls, axis, call, on, some_of
from .record import Case


@st.composite
def masked(call: st.DrawFn, /, x: Any, **options: st.SearchStrategy[Any]) -> Any:
    """A reduction of an array with all of NumPy's options: a mask is of its shape, or broadcasts to it."""
    shape = tuple(call(st.sampled_from((1, size))) for size in x.shape)[call(st.integers(0, x.ndim)) :]
    mask = np.random.default_rng(call(draw.seeds())).random(shape) < 0.7
    chosen = {name: call(option) for name, option in options.items()}
    return (x,), {
        "axis": call(some_of(x)),
        "keepdims": call(st.booleans()),
        **chosen,
        **call(st.sampled_from(({}, {"where": mask}))),
    }


def reduced(min_side: int = 0, **options: st.SearchStrategy[Any]) -> Calls:
    return draw.arrays(draw.shapes(min_side=min_side), ANY).flatmap(lambda x: masked(x, **options))


@st.composite
def extremum(call: st.DrawFn) -> Any:
    """Without ties; NumPy wants to know what comes out where a mask selects nothing."""
    x = call(draw.distinct_arrays(draw.shapes(min_side=1)))
    (x,), options = call(masked(x))
    if "where" in options or call(st.booleans()):
        options["initial"] = call(st.sampled_from((-50.03, 0.03, 50.03)))
    return (x,), options


@st.composite
def spread(call: st.DrawFn, /, **options: st.SearchStrategy[Any]) -> Any:
    """Lines of which a mask leaves two elements at least."""
    x = call(draw.distinct_arrays(st.sampled_from(((3,), (4, 3), (3, 1, 3)))))
    if call(st.booleans()):
        x = (x + 1j * x[::-1]).astype(np.result_type(x, np.complex64))
    mask = np.arange(3) != call(st.integers(0, 3))
    kept = {"where": np.broadcast_to(mask, x.shape), "axis": call(st.sampled_from((-1, None, tuple(range(x.ndim)))))}
    return (x,), kept | {name: call(option) for name, option in options.items()}


SPREAD = st.one_of(
    spread(keepdims=st.booleans(), ddof=st.sampled_from((0, 1))),
    spread(correction=st.sampled_from((0, 0.5)), mean=st.just(np.float32(0.5))),
)

CASES: dict[str, Case] = {
    "sum": Case(np.sum, reduced(initial=st.sampled_from((0, 2.5))), numpy=np.sum),
    "mean": Case(np.mean, arguments.reduction(complex=True, min_side=1), numpy=np.mean),
    "var": Case(np.var, arguments.spread(), numpy=np.var),
    "std": Case(np.std, arguments.spread(), numpy=np.std),
    "length": Case(references.length, arguments.along_axis()),
    "prod": Case(np.prod, reduced(initial=st.sampled_from((1, 2.5))), numpy=np.prod),
    "max": Case(np.max, extremum(), numpy=np.max),
    "min": Case(np.min, extremum(), numpy=np.min),
    "cumsum": Case(np.cumsum, arguments.cumulative(), numpy=np.cumsum),
    "cumprod": Case(np.cumprod, arguments.cumulative(), numpy=np.cumprod),
    "logsumexp": Case(references.logsumexp, arguments.reduction(min_side=1)),
    "softmax": Case(references.softmax, arguments.along_axis()),
    "log_softmax": Case(references.log_softmax, arguments.along_axis()),
    "softmax_cross_entropy": Case(references.softmax_cross_entropy, arguments.labelled(reductions=True)),
    "excess": Case(references.excess, arguments.labelled()),
}

COMPOSITIONS: dict[str, Calls] = {
    "var": SPREAD,
    "std": SPREAD,
    "ptp": arguments.extremum(),
    "cumulative_sum": on(lambda x: call(axis=axis(x), include_initial=st.booleans()), min_dims=1),
    "cumulative_prod": on(lambda x: call(axis=axis(x), include_initial=st.booleans()), min_dims=1),
    # without NaN; test_nan.py has those with
    "nansum": reduced(initial=st.sampled_from((0, 2.5))),
    "nanprod": reduced(initial=st.sampled_from((1, 2.5))),
    "nanmean": on(lambda x: call(axis=some_of(x), keepdims=st.booleans()), min_side=1),
    "nanvar": SPREAD,
    "nanstd": SPREAD,
    "nanmax": extremum(),
    "nanmin": extremum(),
    "nancumsum": arguments.cumulative(),
    "nancumprod": arguments.cumulative(),
}
