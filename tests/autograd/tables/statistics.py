"""Averages and covariances, differences and integrals, and functions given at points."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw
from tapegrad.autograd.testing.strategies import POSITIVE

from .calls import ANY, Calls, axis, call, on
from .record import Case

MODES = st.sampled_from(("full", "same", "valid"))
EVEN, UNEVEN = np.array([0.0, 0.5, 1.0, 1.5]), np.array([0.0, 1.0, 1.5, 4.0])


def vectors(min_side: int = 1, max_side: int = 5) -> st.SearchStrategy[Any]:
    return draw.arrays(draw.shapes(1, 1, min_side, max_side), ANY)


@st.composite
def averages(call: st.DrawFn) -> Any:
    x = call(draw.arrays(draw.shapes(min_dims=2, min_side=1), ANY))
    axes, shape = call(
        st.sampled_from(
            ((None, x.shape), (0, x.shape), (-1, x.shape[-1:]), ((1, 0), x.shape[1::-1]), (1, (x.shape[1],)))
        )
    )
    weights = call(draw.arrays(shape, draw.dtypes(), POSITIVE))
    return (x, axes, weights, call(st.booleans())), {"keepdims": call(st.booleans())}


@st.composite
def observed(call: st.DrawFn, weighted: bool) -> Any:
    """Variables in rows or columns, at least three observations of each that differ."""
    rows = call(st.booleans())
    x = call(draw.distinct_arrays(st.sampled_from(((2, 4), (3, 4), (1, 4)) if rows else ((4, 2), (4, 3)))))
    if call(st.booleans()):
        x = (x + 1j * x[:, ::-1]).astype(np.result_type(x, np.complex64))
    y = call(st.sampled_from((None, np.array([0.3, -1.0, 0.5, 2.0]))))
    options: dict[str, Any] = {"rowvar": rows}
    if weighted:
        options["bias"] = call(st.booleans())
        options["ddof"] = call(st.sampled_from((None, 0, 1)))
        options["fweights"] = call(st.sampled_from((None, [1, 2, 1, 3])))
        options["aweights"] = call(st.sampled_from((None, [0.5, 1.0, 2.0, 1.0])))
    return (x, y), options


@st.composite
def spaced(call: st.DrawFn) -> Any:
    """A grid with spacings or coordinates along each axis, or one."""
    x = call(draw.arrays(st.sampled_from(((4,), (4, 3), (3, 4, 4))), ANY))
    options = {"edge_order": call(st.sampled_from((1, 2)))}
    kind = call(st.sampled_from(("unit", "number", "each", "one")))
    grid = {size: call(st.sampled_from((0.5, EVEN[:size], UNEVEN[:size]))) for size in x.shape}
    if kind == "each":
        return (x, *(grid[size] for size in x.shape)), options
    if kind == "one":
        along = call(axis(x))
        return (x, grid[x.shape[along]]), {"axis": along, **options}
    return (x, *((2.0,) if kind == "number" else ())), options


@st.composite
def differenced(call: st.DrawFn) -> Any:
    x = call(draw.arrays(draw.shapes(min_dims=1, min_side=1), ANY))
    along = call(axis(x))
    end = st.sampled_from((None, 0, 1.5)) | draw.arrays(
        tuple(2 if i == along % x.ndim else n for i, n in enumerate(x.shape)), st.just(str(x.dtype))
    )
    given = {name: value for name in ("prepend", "append") if (value := call(end)) is not None}
    return (x, call(st.integers(1, 3)), along), given


@st.composite
def integrals(call: st.DrawFn) -> Any:
    y = call(draw.arrays(draw.shapes(min_dims=1, min_side=1), ANY))
    along = call(axis(y))
    x = call(st.none() | draw.arrays(y.shape) | draw.arrays(y.shape[along : along + 1 or None]))
    return (y, x), {"axis": along, **({"dx": 0.5} if x is None else {})}


@st.composite
def curves(call: st.DrawFn) -> Any:
    """Points on a curve, and places off these."""
    xp = np.array([-1.0, 0.5, 1.2, 3.0])
    x = call(draw.arrays(dtype=draw.dtypes(), domain=draw.Domain(-2.5, 4.5, away_from=xp.tolist(), gap=0.1)))
    fp = call(draw.arrays((4,), ANY))
    options = call(st.sampled_from(({}, {"left": 2.5}, {"left": 0.0, "right": -1.0})))
    return (x, xp, fp), options


@st.composite
def counted(call: st.DrawFn) -> Any:
    weights = call(draw.arrays(draw.shapes(1, 1, min_side=1), draw.dtypes()))
    x = np.random.default_rng(call(draw.seeds())).integers(0, 5, len(weights))
    return (x, weights), {"minlength": call(st.sampled_from((0, 7)))}


@st.composite
def normalizations(call: st.DrawFn) -> Any:
    """Numbers that differ along the axes they are averaged over, and parameters that broadcast against them."""
    x = call(draw.distinct_arrays(st.sampled_from(((3, 4), (2, 3, 4), (4, 3, 2)))))
    axes = call(st.sampled_from(((0,), (x.ndim - 1,), (0, x.ndim - 1), tuple(range(x.ndim)))))
    shapes = st.sampled_from((x.shape[-1:], x.shape[1:], (x.shape[0], *(1,) * (x.ndim - 1))))
    weight, bias = (call(draw.arrays(call(shapes), st.just(str(x.dtype)))) for _ in range(2))
    params = {"axes": axes, "eps": call(st.sampled_from((1e-5, 0.5))), "centred": call(st.booleans())}
    return (x, weight, bias), params


def normalized(x: Any, weight: Any, bias: Any, axes: Any, eps: float, centred: bool) -> Any:
    left = x - np.mean(x, axes, keepdims=True) if centred else x
    return left / np.sqrt(np.mean(left**2, axes, keepdims=True) + x.dtype.type(eps)) * weight + bias


def longer_first(drawn: Any) -> Any:
    (a, v), params = drawn
    return ((a, v) if len(a) >= len(v) else (v, a)), params


CASES: dict[str, Case] = {
    "convolve_full": Case(lambda a, v: np.convolve(a, v, "full"), call(vectors(), vectors())),
    "convolve_valid": Case(lambda a, v: np.convolve(a, v, "valid"), call(vectors(), vectors()).map(longer_first)),
    "interp": Case(np.interp, curves().map(lambda drawn: (drawn[0], {}))),
    "normalized": Case(normalized, normalizations()),
}

COMPOSITIONS: dict[str, Calls] = {
    "average": averages(),
    "cov": observed(weighted=True),
    "corrcoef": observed(weighted=False).filter(lambda drawn: 1 not in drawn[0][0].shape),  # 1, up to rounding
    "diff": differenced(),
    "ediff1d": on(lambda x: call(to_end=st.sampled_from((None, 0, [1, 2])), to_begin=st.sampled_from((None, 3)))),
    "gradient": spaced(),
    "trapezoid": integrals(),
    "convolve": call(vectors(), vectors(), mode=MODES),
    "correlate": call(vectors(), vectors(), mode=MODES),
    "interp": curves(),
    "bincount": counted(),
}
