"""Reductions without NaN: NumPy's values and warnings, and no gradient where a NaN is."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad import autograd, tensor
from tapegrad.autograd.testing import check_grads

nan = np.nan
X = np.array([[1.0, nan, 3.0, -2.0], [nan, 0.5, nan, 2.5], [4.0, 1.5, -1.0, 0.25]])
NOTHING = np.array([[1.0, nan], [nan, nan]])
MASK = np.array([[True, True, False, True], [True, True, True, True], [False, True, True, True]])

CALLS: dict[str, list[dict[str, Any]]] = {
    **{name: [{}, {"axis": 0}, {"axis": (0, 1), "initial": 2.0}, {"where": MASK}] for name in ("nansum", "nanprod")},
    **{name: [{}, {"axis": 1}, {"initial": 0.7, "where": MASK, "axis": 1}] for name in ("nanmax", "nanmin")},
    "nanmean": [{}, {"axis": 1, "keepdims": True}, {"axis": 1, "where": MASK}],
    **{name: [{}, {"axis": 1, "ddof": 1}, {"correction": 0.5, "axis": 1}] for name in ("nanvar", "nanstd")},
    **{name: [{}, {"axis": 1}] for name in ("nancumsum", "nancumprod")},
    "nanmedian": [{}, {"axis": 0}, {"axis": 1, "keepdims": True}],
    "nanquantile": [
        {"q": 0.3}, {"q": [0.1, 0.9], "axis": 1}, {"q": 0.4, "axis": 0, "method": "hazen"},
        {"q": 0.4, "axis": 1, "method": "inverted_cdf", "weights": np.abs(X[[2, 2, 2]])},
    ],
    "nanpercentile": [{"q": 30}, {"q": [10, 90], "axis": 1, "method": "lower"}],
}  # fmt: skip
EACH = [(name, options) for name, calls in CALLS.items() for options in calls]


@pytest.mark.parametrize(("name", "options"), EACH)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_values_are_numpys(name: str, options: dict[str, Any], dtype: str) -> None:
    x = X.astype(dtype)
    expected = getattr(np, name)(x, **options)
    for f in (getattr(np, name), getattr(autograd, name)):
        y = f(tensor(x, requires_grad=True), **options)
        assert y.dtype == np.asarray(expected).dtype
        np.testing.assert_allclose(y.numpy(), expected, rtol=1e-5 if dtype == "float32" else 1e-13)


@pytest.mark.parametrize(("name", "options"), EACH)
def test_gradients_are_those_of_the_numbers_alone(name: str, options: dict[str, Any]) -> None:
    numbers = ~np.isnan(X)

    def of_numbers(values: Any) -> Any:
        return getattr(autograd, name)(
            autograd.scatter_add(values, numbers, X.shape) + np.where(numbers, 0, nan), **options
        )

    check_grads(of_numbers, X[numbers])
    t = tensor(X, requires_grad=True)
    getattr(np, name)(t, **options).sum().backward()
    assert t.grad is not None
    assert (t.grad.numpy()[~numbers] == 0).all()


def warned(f: Callable[[], Any]) -> tuple[Any, set[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        y = f()
    return y, {str(w.message).rstrip(".").replace("axis", "slice") for w in caught}


@pytest.mark.parametrize("name", ["nanmean", "nanvar", "nanstd", "nanmax", "nanmin", "nanmedian", "nanquantile"])
def test_nothing_but_nan_is_nan_with_numpys_warning_and_without_a_gradient(name: str) -> None:
    q = (0.5,) if name == "nanquantile" else ()
    t = tensor(NOTHING, requires_grad=True)
    expected, theirs = warned(lambda: getattr(np, name)(NOTHING, *q, axis=1))
    y, ours = warned(lambda: getattr(np, name)(t, *q, axis=1))
    np.testing.assert_allclose(y.numpy(), expected)
    assert ours == theirs
    y.sum().backward()
    assert t.grad is not None
    assert (t.grad.numpy()[np.isnan(NOTHING)] == 0).all()


@pytest.mark.parametrize("name", ["nansum", "nanmax", "nanmean", "nanvar", "nanmedian", "nancumsum"])
def test_integers_have_no_nan(name: str) -> None:
    x: NDArray[Any] = np.array([[3, 1], [2, 5]])
    y = getattr(np, name)(tensor(x), axis=1)
    expected = getattr(np, name)(x, axis=1)
    assert y.dtype == expected.dtype
    np.testing.assert_array_equal(y.numpy(), expected)


def test_positions_are_constants() -> None:
    t = tensor(X, requires_grad=True)
    assert np.nanargmax(t, axis=1).numpy().tolist() == [2, 3, 0]
    with pytest.raises(ValueError, match="All-NaN"):
        np.nanargmin(tensor(NOTHING, requires_grad=True), axis=1)
    with pytest.raises(ValueError, match="zero-size"):
        np.nanmax(tensor(np.ones((0, 2)), requires_grad=True), axis=0)
