"""How exact Winograd's convolution is in float32. That it is a convolution, test_kernels.py shows."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from tapegrad.autograd.kernels.convolution import Geometry, direct, reference, winograd
from tapegrad.autograd.kernels.convolution.winograd.matrices import A_T, B_T, G

many = settings(max_examples=settings().max_examples * 8)
Array = NDArray[Any]
LARGEST_ERROR = 1e-6
"""The root mean square error of the results of a convolution, in root mean squares of exact ones."""


def all_three(route: ModuleType, x: Array, w: Array, g: Array, geometry: Geometry) -> list[Array]:
    """Results of the three functions for arrays with channels last, all in float32: the results too."""
    x, w, g = (array.astype(np.float32) for array in (x, w, g))
    return [
        route.convolve(x, w, None, geometry, False, False)[0],
        route.input_gradient(g, w, x.shape[1:3], geometry),
        route.weight_gradient(x, g, (3, 3), geometry),
    ]


def exact_three(x: Array, w: Array, g: Array, geometry: Geometry) -> list[Array]:
    """The same in the precision of the arrays."""
    first_x, first_g = (array.transpose(0, 3, 1, 2) for array in (x, g))
    return [
        reference.convolve(first_x, w, None, geometry).transpose(0, 2, 3, 1),
        reference.input_gradient(first_g, w, x.shape[1:3], geometry).transpose(0, 2, 3, 1),
        reference.weight_gradient(first_x, first_g, (3, 3), geometry),
    ]


def size(x: Array) -> float:
    """The root mean square."""
    return float(np.sqrt(np.mean(np.square(x, dtype=np.float64))))


def test_the_matrices_make_a_convolution() -> None:
    """Aᵀ [(G w) ⊙ (Bᵀ d)] = the four outputs of d (6,) and w (3,)."""
    d, w = np.random.default_rng(0).standard_normal(6), np.random.default_rng(1).standard_normal(3)
    np.testing.assert_allclose(np.array(A_T) @ ((G @ w) * (np.array(B_T) @ d)), np.correlate(d, w), rtol=1e-13)


@given(
    images=st.integers(1, 3),
    side=st.tuples(st.integers(3, 20), st.integers(3, 20)),
    channels=st.tuples(st.sampled_from((1, 3, 16, 31, 64)), st.sampled_from((1, 5, 16, 32, 48))),
    padding=st.integers(0, 2),
    most=st.sampled_from((1, 3, 9, 100)),
    seed=st.integers(0, 999),
)
@many
def test_small_integers(
    images: int, side: tuple[int, int], channels: tuple[int, int], padding: int, most: int, seed: int
) -> None:
    """Their sums of products are exact in integers. The error is small against a sum of as many as were added up.

    These are no fewer than the 36 numbers of which a tile is made.
    """
    random = np.random.default_rng(seed)
    (C, O), geometry = channels, Geometry((1, 1), ((padding, padding), (padding, padding)), (1, 1))
    shapes = (images, *side, C), (O, C, 3, 3), (images, *geometry.output(side, (3, 3)), O)
    x, w, g = (random.integers(-most, most + 1, shape) for shape in shapes)
    usual = most * (most + 1) / 3  # the mean square of a number
    added = 9 * C, 9 * O, images * shapes[2][1] * shapes[2][2]

    results = zip(all_three(winograd, x, w, g, geometry), exact_three(x, w, g, geometry), added, strict=True)
    for got, exact, count in results:
        assert got.dtype == np.float32
        assert exact.dtype == np.int64
        # twice, for the mean of a few results may be far from that of many
        assert size(got - exact) <= 2 * LARGEST_ERROR * usual * np.sqrt(max(count, 36))


def test_rounding_errors_are_about_twice_those_of_the_direct_sum() -> None:
    random = np.random.default_rng(0)
    geometry = Geometry((1, 1), ((0, 0), (0, 0)), (1, 1))
    shapes = (2, 26, 26, 64), (32, 64, 3, 3), (2, 24, 24, 32)
    arrays = [random.standard_normal(shape).astype(np.float32).astype(np.float64) for shape in shapes]
    x, w, g = arrays
    exact = exact_three(x, w, g, geometry)

    ways = all_three(winograd, x, w, g, geometry), all_three(direct, x, w, g, geometry), exact
    for by_winograd, by_sum, expected in zip(*ways, strict=True):
        assert size(by_sum - expected) < 1e-6 * size(expected)
        assert size(by_winograd - expected) < 3 * size(by_sum - expected)
        assert size(by_winograd - expected) < LARGEST_ERROR * size(expected)


@pytest.mark.parametrize("factor", [1e-30, 1e30])
def test_very_small_and_very_large_numbers(factor: float) -> None:
    random = np.random.default_rng(0)
    geometry = Geometry((1, 1), ((1, 1), (1, 1)), (1, 1))
    x, w, g = (random.standard_normal(shape) for shape in ((1, 8, 8, 16), (16, 16, 3, 3), (1, 8, 8, 16)))

    scaled = all_three(winograd, x * factor, w, g, geometry)

    for got, exact, scale in zip(scaled, exact_three(x, w, g, geometry), (factor, 1, factor), strict=True):
        assert size(got / np.float64(scale) - exact) < LARGEST_ERROR * size(exact)
