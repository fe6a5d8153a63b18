"""Linear maps with a band for a matrix, against that matrix, on everything that they take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from tapegrad.autograd.kernels import bands, layout
from tapegrad.autograd.kernels.bands import Band, along_axes
from tapegrad.autograd.testing import check_adjoint, strategies as draw

many = settings(max_examples=settings().max_examples * 4)


@st.composite
def drawn_bands(call: st.DrawFn, max_side: int = 6) -> Band:
    """Tables that do not fall; results that see nothing, and elements that nobody sees, are among them."""
    length, results = call(st.integers(1, max_side)), call(st.integers(1, max_side))
    ends = st.lists(st.integers(0, length), min_size=results, max_size=results).map(sorted)
    first, end = np.array(call(ends)), np.array(call(ends))
    first = np.minimum(first, end)
    weights = np.random.default_rng(call(draw.seeds())).normal(size=(results, max(max(end - first), 0)))
    return Band(length, first, end - first, call(st.sampled_from((None, weights))))


def matrix(band: Band) -> NDArray[np.float64]:
    """(length of y, length of x)"""
    full = np.zeros((len(band.first), band.length))
    for o, (first, count) in enumerate(zip(band.first, band.count, strict=True)):
        full[o, first : first + count] = 1 if band.weights is None else band.weights[o, :count]
    return full


def by_matrices(x: NDArray[Any], maps: list[Band]) -> NDArray[Any]:
    for axis, band in enumerate(maps, x.ndim - len(maps)):
        x = np.moveaxis(np.tensordot(x, matrix(band), (axis, 1)), -1, axis)
    return x


@given(drawn_bands())
def test_the_adjoint_is_the_transposed_matrix(band: Band) -> None:
    np.testing.assert_array_equal(matrix(band.adjoint), matrix(band).T)
    np.testing.assert_array_equal(matrix(band.adjoint.adjoint), matrix(band))


@pytest.mark.parametrize("least", [0, 10**9], ids=["kernels", "reference"])
@given(st.data())
@many
def test_it_is_a_product_with_the_matrix(least: int, data: st.DataObject) -> None:
    maps = data.draw(st.lists(drawn_bands(), min_size=1, max_size=3))
    leading = data.draw(st.sampled_from(((), (2,), (2, 3), (3, 17), (1, 1, 2))))
    shape = (*leading, *(band.length for band in maps))
    dtype = data.draw(st.sampled_from(("float32", "float64", "float16", "complex128")))
    x = data.draw(draw.arrays(shape, dtype))
    if len(leading) == 2 and data.draw(st.booleans()):
        x = layout.channels_last(x)
    before = x.tobytes()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bands, "_WORTHWHILE", least)
        y = along_axes(x, maps)

    tolerance = {"float16": 5e-2, "float32": 1e-4}.get(dtype, 1e-12)
    assert y.dtype == dtype
    np.testing.assert_allclose(y, by_matrices(x, maps), tolerance, tolerance)
    assert x.tobytes() == before


@given(drawn_bands(), drawn_bands())
def test_adjoint_identity(rows: Band, columns: Band) -> None:
    maps = [rows, columns]
    back = [band.adjoint for band in maps]
    check_adjoint(lambda x: along_axes(x, maps), lambda y: along_axes(y, back), (2, rows.length, columns.length))


def test_a_nan_stays_where_it_is_seen() -> None:
    """Not 0 * NaN, in places that a product with the whole matrix would spoil."""
    band = Band(4, np.array([0, 2]), np.array([2, 2]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    for repeat in (1, 1000):
        x = np.tile([np.nan, 1.0, 1.0, np.inf], (repeat, 1))
        np.testing.assert_array_equal(along_axes(x, [band]), np.tile([np.nan, np.inf], (repeat, 1)))
        np.testing.assert_array_equal(along_axes(x[:, 1:3], [Band(2, np.array([0]), np.array([2]))]), [[2.0]] * repeat)


def test_integers_stay_integers_without_weights() -> None:
    x = np.arange(12, dtype=np.int16).reshape(3, 4)
    y = along_axes(x, [Band(4, np.array([0, 1]), np.array([2, 3]))])
    assert y.dtype == np.int16
    np.testing.assert_array_equal(y, [[1, 6], [9, 18], [17, 30]])


@pytest.mark.parametrize("shape", [(0, 3, 4, 4), (2, 0, 4, 4)])
def test_nothing_gives_nothing(shape: tuple[int, ...]) -> None:
    band = Band(4, np.array([0, 2]), np.array([2, 2]))
    assert along_axes(np.ones(shape), [band, band]).shape == (*shape[:2], 2, 2)


@pytest.mark.parametrize("arrange", [layout.channels_first, layout.channels_last])
def test_results_lie_in_memory_as_images_do(arrange: Any) -> None:
    band = Band(20, np.arange(0, 20, 2), np.full(10, 2))
    x = np.random.default_rng(0).normal(size=(2, 20, 20, 20))
    y = along_axes(arrange(x), [band, band])
    assert arrange(y) is y
    np.testing.assert_allclose(y, by_matrices(x, [band, band]), 1e-12, 1e-12)
