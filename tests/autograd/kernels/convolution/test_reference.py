"""The reference for the fast kernels, itself against the textbook, and its three functions against each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad.autograd.kernels.convolution import Geometry
from tapegrad.autograd.kernels.convolution.reference import convolve, input_gradient, weight_gradient

from . import definitions
from .drawing import Drawn, convolutions

many = settings(max_examples=settings().max_examples * 8)
DTYPES = ("float16", "float32", "float64", "complex64", "complex128", "int64")
SMALL: dict[str, Any] = {"widths": (1, 2, 3, 4, 0), "max_kernel": 3, "max_room": 4}


@given(convolutions(dtypes=DTYPES, **SMALL))
@many
def test_all_three_are_the_textbooks(drawn: Drawn) -> None:
    x, w, b, geometry, g = drawn
    working = np.result_type(x, np.float32) if x.dtype == np.float16 else x.dtype
    wide_x, wide_w, wide_b, wide_g = (None if a is None else a.astype(working) for a in (x, w, b, g))
    expected = [
        definitions.convolution(wide_x, wide_w, wide_b, geometry),
        definitions.transposed_convolution(wide_g, wide_w, drawn.spatial, geometry),
        definitions.weight_gradient(wide_x, wide_g, drawn.kernel, geometry),
    ]
    before = [None if a is None else a.tobytes() for a in (x, w, b, g)]

    got = [
        convolve(x, w, b, geometry),
        input_gradient(g, w, drawn.spatial, geometry),
        weight_gradient(x, g, drawn.kernel, geometry),
    ]

    for one, other in zip(got, expected, strict=True):
        assert (one.dtype, one.shape) == (x.dtype, other.shape)
        tolerance = 64 * np.finfo(x.dtype).eps if x.dtype.kind in "fc" else 0
        if x.dtype == np.float16:  # rounded once, at the end
            tolerance = float(np.finfo(np.float16).eps)
        largest = np.abs(other).max(initial=1)  # terms may cancel: a small sum has the rounding errors of a large one
        np.testing.assert_allclose(one, other, tolerance, tolerance * largest)
    assert before == [None if a is None else a.tobytes() for a in (x, w, b, g)]


@given(convolutions(dtypes=("int64",)))
@many
def test_they_are_each_others_adjoints_exactly(drawn: Drawn) -> None:
    """<x * w, g> = <x, input gradient> = <w, weight gradient>, in integers, so without rounding."""
    x, w, _, geometry, g = drawn

    form = np.vdot(convolve(x, w, None, geometry), g)

    assert form == np.vdot(x, input_gradient(g, w, drawn.spatial, geometry))
    assert form == np.vdot(w, weight_gradient(x, g, drawn.kernel, geometry))


@pytest.mark.parametrize(("samples", "into", "out"), [(0, 2, 3), (2, 0, 3), (2, 3, 0), (0, 0, 0)])
def test_sums_over_nothing_are_zero(samples: int, into: int, out: int) -> None:
    geometry = Geometry((1, 2), ((1, 1), (0, 0)), (1, 1))
    x, w = np.ones((samples, into, 4, 5)), np.ones((out, into, 3, 2))

    y = convolve(x, w, np.full(out, 7.0), geometry)

    np.testing.assert_array_equal(y, np.full((samples, out, 4, 2), 0.0 if samples * into else 7.0), strict=True)
    np.testing.assert_array_equal(input_gradient(y, w, (4, 5), geometry), np.zeros_like(x) if out == 0 else x * 0)
    assert weight_gradient(x, y, (3, 2), geometry).shape == w.shape
    assert (weight_gradient(x[:0], y[:0], (3, 2), geometry) == 0).all()


def test_where_the_kernel_does_not_come_the_gradient_is_zero() -> None:
    geometry = Geometry((3,), ((0, 0),), (1,))
    x, w = np.ones((1, 1, 7)), np.ones((1, 1, 2))

    y = convolve(x, w, None, geometry)

    assert y.shape == (1, 1, 2)
    assert input_gradient(y, w, (7,), geometry).tolist() == [[[2, 2, 0, 2, 2, 0, 0]]]


def test_an_input_of_padding_alone() -> None:
    geometry = Geometry((1,), ((2, 1),), (1,))
    x, w = np.ones((2, 3, 0)), np.ones((4, 3, 2))

    assert (convolve(x, w, None, geometry) == np.zeros((2, 4, 2))).all()
    assert input_gradient(np.ones((2, 4, 2)), w, (0,), geometry).shape == x.shape
    assert (weight_gradient(x, np.ones((2, 4, 2)), (2,), geometry) == np.zeros_like(w)).all()


@given(st.data())
def test_halves_add_up_in_single_precision(data: st.DataObject) -> None:
    drawn = data.draw(convolutions(dtypes=("float16",), samples=(2,), widths=(3,), max_kernel=3))
    x, w, b, geometry, _ = drawn
    singles = [None if a is None else a.astype(np.float32) for a in (x, w, b)]
    expected = convolve(singles[0], singles[1], singles[2], geometry).astype(np.float16)
    np.testing.assert_array_equal(convolve(x, w, b, geometry), expected, strict=True)
