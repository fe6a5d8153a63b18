"""Register tiles against NumPy's product: all layouts, sizes around those of tiles and vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad.autograd.kernels import products
from tapegrad.autograd.kernels.products import product
from tapegrad.autograd.kernels.threads import limit

many = settings(max_examples=settings().max_examples * 4)
SIDES = st.sampled_from((1, 2, 5, 6, 7, 8, 16, 31, 32, 33, 48, 64, 96, 128, 130))


@pytest.fixture
def without_blas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles for products of any size."""
    monkeypatch.setattr(products, "_SMALLEST", 1)


def laid_out(x: Any, by_columns: bool) -> Any:
    return np.asfortranarray(x) if by_columns else x


@given(
    st.data(), st.sampled_from(("float32", "float64")), st.tuples(SIDES, SIDES, SIDES), st.tuples(*[st.booleans()] * 3)
)
@many
def test_product_is_numpys(data: Any, dtype: str, shape: tuple[int, int, int], layout: tuple[bool, bool, bool]) -> None:
    N, K, O = shape
    random = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    a = laid_out(random.standard_normal((N, K)).astype(dtype), layout[0])
    b = laid_out(random.standard_normal((K, O)).astype(dtype), layout[1])
    bias = random.standard_normal(O).astype(dtype) if layout[2] else None
    expected: Any = a.astype(np.longdouble) @ b.astype(np.longdouble)
    if bias is not None:
        expected = expected + bias
    smallest, products._SMALLEST = products._SMALLEST, 1
    try:
        y = product(a, b, bias)
    finally:
        products._SMALLEST = smallest

    assert (y.shape, y.dtype) == ((N, O), a.dtype)
    np.testing.assert_allclose(y, expected.astype(dtype), rtol=0, atol=4 * (K + 1) * float(np.finfo(dtype).eps))


@pytest.mark.parametrize(("N", "K", "O"), [(32, 784, 256), (128, 256, 128), (131, 300, 96), (1000, 64, 64)])
def test_tiles_are_what_sizes_of_networks_get(N: int, K: int, O: int) -> None:
    random = np.random.default_rng(0)
    a, b = random.standard_normal((N, K)).astype(np.float32), random.standard_normal((K, O)).astype(np.float32)

    assert products._suits(a, b)
    assert products._suits(a.T.copy().T, b)
    np.testing.assert_allclose(product(a, b), a.astype(float) @ b, atol=1e-4)


# The first two and the last are halved
SHAPES = [(32, 784, 256), (24, 128, 64), (24, 32, 96), (131, 300, 96), (784, 32, 256), (33, 1000, 32)]


@pytest.mark.parametrize(("N", "K", "O"), SHAPES)
@pytest.mark.parametrize("by_columns", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_result_is_the_same_on_any_number_of_threads(
    without_blas: None, monkeypatch: pytest.MonkeyPatch, N: int, K: int, O: int, by_columns: bool, dtype: str
) -> None:
    monkeypatch.setattr(products, "_SHARED", 1)
    random = np.random.default_rng(0)
    a, b = (
        random.standard_normal((N, K)).astype(dtype),
        laid_out(random.standard_normal((K, O)).astype(dtype), by_columns),
    )
    bias = random.standard_normal(O).astype(dtype)
    assert products._suits(a, b)
    results = []
    for threads in (1, 2, 3):
        monkeypatch.setattr(limit, "_count", threads)
        results += [product(a, b, bias) for _ in range(50)]

    np.testing.assert_allclose(results[0], a.astype(float) @ b + bias, atol=3e-4 if dtype == "float32" else 1e-12)
    for y in results[1:]:
        np.testing.assert_array_equal(y, results[0])


def test_what_tiles_do_not_take_goes_to_blas(without_blas: None) -> None:
    a = np.ones((64, 8), np.float32)

    assert not products._suits(a, np.ones((8, 10), np.float32))
    assert not products._suits(a, np.ones((8, 64)))
    assert not products._suits(a[::2], np.ones((8, 64), np.float32))
    assert not products._suits(a, np.ones((64, 8), np.float32).T)
    assert product(a.astype(complex), np.ones((8, 64))).dtype == complex
    swapped = a.astype(a.dtype.newbyteorder())
    np.testing.assert_array_equal(product(swapped, swapped.reshape(8, 64)), np.full((64, 64), 8))


def test_results_lie_in_row_order(without_blas: None) -> None:
    """Activations do, whatever lay how before: what follows goes through them in one pass."""
    g, x = np.ones((32, 64), np.float32), np.ones((32, 256), np.float32)

    assert product(g.T, x).flags.c_contiguous
    assert product(x.T, g).flags.c_contiguous
    assert product(x, np.asfortranarray(x.T)).flags.c_contiguous


def test_nan_and_inf_survive(without_blas: None) -> None:
    a, b = np.ones((8, 4), np.float32), np.ones((4, 32), np.float32)
    a[1, 2], b[3, 5] = np.nan, np.inf

    y = product(a, b)

    assert np.isnan(y[1]).all()
    assert np.isinf(y[0, 5])
    assert np.isfinite(y[0, :5]).all()
