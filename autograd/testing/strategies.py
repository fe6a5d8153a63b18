"""Hypothesis strategies for what breaks array operations: 0-d and empty arrays, broadcasting, ties, strange memory.

    @given(strategies.arrays(domain=POSITIVE))
    def test_log(x):
        check_grads(autograd.log, x)

Hypothesis draws shapes, dtypes, layouts and a seed; NumPy draws the values from the seed, which is fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

__all__ = [
    "DTYPES", "INSIDE", "LAYOUTS", "NONZERO", "POSITIVE", "REAL", "Domain", "arrays", "axes", "broadcasting_arrays",
    "broadcasting_shapes", "distinct_arrays", "dtypes", "indices", "seeds", "shapes", "tied_arrays",
]  # fmt: skip

Shape: TypeAlias = tuple[int, ...]
DType: TypeAlias = str | st.SearchStrategy[str] | None

DTYPES = ("float32", "float64", "complex64", "complex128")
LAYOUTS = ("C", "F", "reversed", "strided", "read-only")


@dataclass(frozen=True)
class Domain:
    """The numbers from `low` to `high` that are at least `gap` away from some points: kinks, poles and the like."""

    low: float
    high: float
    away_from: Sequence[float] = ()
    gap: float = 0.05

    def draw(self, rng: np.random.Generator, shape: Shape) -> NDArray[np.float64]:
        """Numbers spread evenly over the domain."""
        points = sorted(p for p in self.away_from if self.low - self.gap < p < self.high + self.gap)
        starts = np.array([self.low, *(p + self.gap for p in points)])
        stops = np.array([*(p - self.gap for p in points), self.high])
        lengths = np.maximum(stops - starts, 0)
        ends = np.cumsum(lengths)
        along = rng.uniform(0, ends[-1], shape)
        piece = np.minimum(np.searchsorted(ends, along, side="right"), len(ends) - 1)
        return np.asarray(stops[piece] - (ends[piece] - along))


REAL = Domain(-3, 3)
NONZERO = Domain(-3, 3, away_from=(0,), gap=0.1)
POSITIVE = Domain(0.1, 3)
INSIDE = Domain(-0.9, 0.9)
"""Inside (-1, 1), away from the ends."""


def seeds() -> st.SearchStrategy[int]:
    """Seeds of random number generators."""
    return st.integers(0, 2**32 - 1)


def shapes(min_dims: int = 0, max_dims: int = 3, min_side: int = 0, max_side: int = 4) -> st.SearchStrategy[Shape]:
    """Shapes, 0-d and empty ones and axes of size 1 among them."""
    return st.lists(st.integers(min_side, max_side), min_size=min_dims, max_size=max_dims).map(tuple)


def broadcasting_shapes(
    count: int = 2, max_dims: int = 3, min_side: int = 0, max_side: int = 4
) -> st.SearchStrategy[tuple[Shape, ...]]:
    """That many shapes which broadcast against each other."""
    return hnp.mutually_broadcastable_shapes(
        num_shapes=count, max_dims=max_dims, min_side=min_side, max_side=max_side
    ).map(lambda drawn: drawn.input_shapes)


def dtypes(*, complex: bool = False) -> st.SearchStrategy[str]:
    """Names of the dtypes that have gradients: the real ones, or all."""
    return st.sampled_from(DTYPES if complex else DTYPES[:2])


@st.composite
def arrays(
    draw: st.DrawFn,
    shape: Shape | st.SearchStrategy[Shape] | None = None,
    dtype: DType = None,
    domain: Domain = REAL,
    layout: str | None = None,
) -> NDArray[Any]:
    """Arrays with values from a domain; both parts are from it if the dtype is complex.

    Args:
        shape: a shape or a strategy for it; None takes `shapes()`.
        dtype: a dtype or a strategy for it; None takes `dtypes()`.
        domain: where the values lie.
        layout: one of `LAYOUTS`, or None for any: Fortran's order, negative strides, gaps between elements, read-only.
    """
    shape = draw(shapes() if shape is None else shape) if not isinstance(shape, tuple) else shape
    chosen = draw(dtypes() if dtype is None else dtype) if isinstance(dtype, st.SearchStrategy | None) else dtype
    rng = np.random.default_rng(draw(seeds()))
    values: NDArray[Any] = domain.draw(rng, shape)
    if np.dtype(chosen).kind == "c":
        values = values + 1j * domain.draw(rng, shape)
    return _laid_out(np.asarray(values, chosen), draw(st.sampled_from(LAYOUTS)) if layout is None else layout)


@st.composite
def broadcasting_arrays(
    draw: st.DrawFn,
    *domains: Domain,
    dtype: DType = None,
    min_side: int = 0,
) -> tuple[NDArray[Any], ...]:
    """An array for each domain, of shapes which broadcast against each other."""
    each = draw(broadcasting_shapes(len(domains), min_side=min_side))
    return tuple(draw(arrays(shape, dtype, domain)) for shape, domain in zip(each, domains, strict=True))


@st.composite
def distinct_arrays(
    draw: st.DrawFn,
    shape: Shape | st.SearchStrategy[Shape] | None = None,
    dtype: DType = None,
    gap: float = 0.1,
) -> NDArray[Any]:
    """Real arrays whose elements are all at least `gap` apart: no ties within reach of a difference."""
    like = draw(arrays(shape, dtype, layout="C"))
    rng = np.random.default_rng(draw(seeds()))
    places = rng.permutation(like.size).reshape(like.shape) - like.size // 2
    values = np.asarray(places * 2 * gap + rng.uniform(0, gap, like.shape), like.dtype)
    return _laid_out(values, draw(st.sampled_from(LAYOUTS)))


@st.composite
def tied_arrays(
    draw: st.DrawFn,
    shape: Shape | st.SearchStrategy[Shape] | None = None,
    dtype: DType = None,
    values: Sequence[float] = (-1, 0, 0, 1, 2),
) -> NDArray[Any]:
    """Arrays of a few values, so that ties and zeros are common."""
    like = draw(arrays(shape, dtype, layout="C"))
    rng = np.random.default_rng(draw(seeds()))
    return _laid_out(np.asarray(rng.choice(values, like.shape), like.dtype), draw(st.sampled_from(LAYOUTS)))


def axes(ndim: int, *, none: bool = True, several: bool = True) -> st.SearchStrategy[int | Shape | None]:
    """What NumPy takes for `axis`: None, a number, or a tuple; counted from either end."""
    choices: list[st.SearchStrategy[Any]] = [st.none()] if none else []
    if ndim:
        choices.append(st.integers(-ndim, ndim - 1))
    if several:
        choices.append(st.lists(st.integers(0, ndim - 1), unique=True).map(tuple) if ndim else st.just(()))
    return st.one_of(choices)


@st.composite
def indices(draw: st.DrawFn, shape: Shape) -> Any:
    """Indices of an array of a shape: slices, numbers, masks, integer arrays with duplicates, and mixtures of them."""
    kind = draw(st.sampled_from(("basic", "mask", "integers", "mixed")))
    rng = np.random.default_rng(draw(seeds()))
    if kind == "mask":
        return rng.random(shape[: draw(st.integers(0, len(shape)))]) < 0.5
    if kind == "basic" or 0 in shape or not shape:
        return draw(hnp.basic_indices(shape, allow_newaxis=True))
    if kind == "integers":
        return rng.integers(-shape[0], shape[0], draw(shapes(max_dims=2)))
    choices = [(slice(None), slice(None, None, -1), rng.integers(-size, size, 3), size - 1) for size in shape]
    return tuple(draw(st.sampled_from(each)) for each in choices)


def _laid_out(values: NDArray[Any], layout: str) -> NDArray[Any]:
    """The same values, in memory of another kind."""
    if layout == "F":
        return np.array(values, order="F")
    if layout == "reversed":
        return np.asarray(np.flip(np.flip(values).copy()))
    if layout == "strided":
        wide = np.zeros([2 * size for size in values.shape], values.dtype)
        every_other = wide[tuple(slice(None, None, 2) for _ in values.shape)] if values.shape else wide[...]
        every_other[...] = values
        return every_other
    if layout == "read-only":
        values.setflags(write=False)
    return values
