"""The strategies draw what they promise, and what they are for."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import find, given, settings, strategies as st
from numpy.typing import NDArray

from tapegrad.autograd import testing
from tapegrad.autograd.testing import strategies
from tapegrad.autograd.testing.strategies import Domain

PATIENT = settings(max_examples=2_000)


def test_hypothesis_is_loaded_with_the_strategies_only() -> None:
    code = (
        "import sys; from tapegrad.autograd import testing; assert 'hypothesis' not in sys.modules; "
        "testing.strategies.arrays; assert 'hypothesis' in sys.modules; assert 'strategies' in dir(testing)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
    with pytest.raises(AttributeError, match="has no attribute 'strategie'"):
        _ = testing.strategie


@pytest.mark.parametrize(
    "found", [lambda s: s == (), lambda s: 0 in s, lambda s: 1 in s and len(s) == 3, lambda s: len(set(s)) == 3]
)
def test_shapes_of_every_kind(found: Any) -> None:
    find(strategies.shapes(), found, settings=PATIENT)


@given(strategies.broadcasting_shapes(3))
def test_broadcasting_shapes_broadcast(shapes: tuple[tuple[int, ...], ...]) -> None:
    assert len(shapes) == 3
    np.broadcast_shapes(*shapes)


@pytest.mark.parametrize(
    "found",
    [
        lambda x: x.dtype == np.float32,
        lambda x: x.dtype == np.float64,
        lambda x: x.size and any(step < 0 for step in x.strides),
        lambda x: x.size > 1 and not x.flags.c_contiguous and not x.flags.f_contiguous,
        lambda x: x.flags.f_contiguous and not x.flags.c_contiguous,
        lambda x: not x.flags.writeable,
        lambda x: x.ndim == 0,
        lambda x: x.size == 0 and x.ndim > 1,
    ],
)
def test_arrays_of_every_kind(found: Any) -> None:
    find(strategies.arrays(), found, settings=PATIENT)


DOMAINS = [strategies.REAL, strategies.NONZERO, strategies.POSITIVE, strategies.INSIDE, Domain(-2, 2, (-2, 0, 2), 0.4)]


@pytest.mark.parametrize("domain", DOMAINS)
@given(st.data())
def test_values_lie_in_the_domain(domain: Domain, data: st.DataObject) -> None:
    x = data.draw(strategies.arrays(domain=domain, dtype=strategies.dtypes(complex=True)))
    for part in (x.real, x.imag) if x.dtype.kind == "c" else (x,):
        assert ((part >= np.float32(domain.low)) & (part <= np.float32(domain.high))).all()
        for point in domain.away_from:
            assert (np.abs(part - point) > domain.gap - 1e-6).all()


def test_a_domain_is_filled_evenly() -> None:
    drawn = Domain(0, 3, away_from=(1,), gap=0.5).draw(np.random.default_rng(0), (30_000,))
    assert np.histogram(drawn, [0, 0.5, 1.5, 2, 2.5, 3])[0] == pytest.approx([7500, 0, 7500, 7500, 7500], abs=300)


@given(strategies.distinct_arrays())
def test_distinct_arrays_have_no_ties(x: NDArray[Any]) -> None:
    assert x.size < 2 or np.diff(np.sort(x, axis=None)).min() > 0.09


def test_tied_arrays_have_ties_and_zeros() -> None:
    find(strategies.tied_arrays(), lambda x: x.size > 1 and (x == x.max()).sum() > 1 and 0 in x, settings=PATIENT)


@given(st.data())
def test_axes_are_axes(data: st.DataObject) -> None:
    shape = data.draw(strategies.shapes())
    np.sum(np.empty(shape), axis=data.draw(strategies.axes(len(shape))))
    single = data.draw(strategies.axes(len(shape), several=False))
    assert single is None or -len(shape) <= single < len(shape)  # type: ignore[operator]


@given(st.data())
def test_indices_are_indices(data: st.DataObject) -> None:
    x = np.zeros(data.draw(strategies.shapes()))
    assert x[data.draw(strategies.indices(x.shape))].size >= 0


@pytest.mark.parametrize(
    "found",
    [
        lambda i: isinstance(i, np.ndarray) and i.dtype == bool and i.ndim == 2,
        lambda i: isinstance(i, np.ndarray) and i.dtype != bool and i.size > len(set(i.ravel())),
        lambda i: isinstance(i, tuple) and {type(part) for part in i} >= {slice, np.ndarray},
        lambda i: isinstance(i, tuple) and None in [part for part in i if not isinstance(part, np.ndarray)],
        lambda i: isinstance(i, tuple) and Ellipsis in [part for part in i if not isinstance(part, np.ndarray)],
    ],
)
def test_indices_of_every_kind(found: Any) -> None:
    find(strategies.indices((3, 2)), found, settings=PATIENT)
