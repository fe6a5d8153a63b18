"""Order: ties, NaN, partitions around some elements, and quantiles against PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
import torch
from hypothesis import given, strategies as st

from tapegrad import autograd, tensor
from tapegrad.autograd import MissingRuleError
from tapegrad.autograd.testing import check_grads, strategies as draw

np: Any = import_module("numpy")  # its annotations know nothing of tensors
nan, inf = np.nan, np.inf


def leaf(x: Any) -> Any:
    return tensor(x, requires_grad=True)


@given(draw.tied_arrays(draw.shapes(min_dims=1, min_side=1)), st.data())
def test_each_gradient_arrives_once_whatever_the_ties(x: Any, data: st.DataObject) -> None:
    axis = data.draw(draw.axes(x.ndim, several=False))
    t = leaf(x)
    y = np.sort(t, axis=axis, kind="stable")
    np.testing.assert_array_equal(y.numpy(), np.sort(x, axis=axis))
    cotangent = np.arange(1.0, y.size + 1).reshape(y.shape).astype(x.dtype)
    y.backward(cotangent)
    pairs = sorted(zip(x.ravel().tolist(), t.grad.numpy().ravel().tolist(), strict=True))
    assert pairs == sorted(zip(y.numpy().ravel().tolist(), cotangent.ravel().tolist(), strict=True))


def test_nan_is_sorted_to_the_end_and_keeps_its_gradient() -> None:
    t = leaf([nan, 2.0, 1.0])
    np.sort(t).backward(np.array([1.0, 2.0, 3.0]))
    assert t.grad.numpy().tolist() == [3, 2, 1]


@given(draw.distinct_arrays(draw.shapes(min_dims=1, min_side=1)), st.data())
def test_a_partition_is_one(x: Any, data: st.DataObject) -> None:
    axis = data.draw(draw.axes(x.ndim, none=False, several=False))
    k = data.draw(st.integers(0, x.shape[axis] - 1))
    t = leaf(x)
    y = np.partition(t, k, axis=axis)
    ordered, found = np.moveaxis(np.sort(x, axis), axis, 0), np.moveaxis(y.numpy(), axis, 0)
    assert (found[k] == ordered[k]).all()
    assert (found[:k] < ordered[k]).all()
    assert (found[k + 1 :] > ordered[k]).all()
    y.backward(y.numpy())
    np.testing.assert_array_equal(t.grad.numpy(), x)  # each number went back to where it was


def test_what_unique_returns_beside_the_elements_is_numpys() -> None:
    x = np.array([3.0, 1.0, nan, 3.0, nan, 1.0])
    for equal_nan in (True, False):
        got = np.unique(leaf(x), True, True, True, equal_nan=equal_nan)
        for one, other in zip(got, np.unique(x, True, True, True, equal_nan=equal_nan), strict=True):
            np.testing.assert_array_equal(one.numpy(), other)
        assert [part.requires_grad for part in got] == [True, False, False, False]


def test_the_first_of_equal_elements_gets_the_gradient() -> None:
    t = leaf([3.0, 1.0, 3.0])
    np.unique(t).backward(np.array([1.0, 2.0]))
    assert t.grad.numpy().tolist() == [2, 1, 0]


@pytest.mark.parametrize("method", ["linear", "lower", "higher", "midpoint", "nearest"])
@pytest.mark.parametrize("n", [1, 4, 5])
def test_quantiles_and_their_gradients_are_pytorchs(method: str, n: int) -> None:
    x, q = np.random.default_rng(n).normal(size=(n, 3)), [0.0, 0.3, 0.6, 1.0]
    t, p = leaf(x), torch.tensor(x, requires_grad=True)
    ours = np.quantile(t, q, axis=0, method=method)
    theirs = torch.quantile(p, torch.tensor(q, dtype=torch.float64), 0, interpolation=method)
    np.testing.assert_allclose(ours.numpy(), theirs.detach().numpy(), rtol=1e-14)
    cotangent = np.arange(12.0).reshape(4, 3)
    ours.backward(cotangent)
    theirs.backward(torch.tensor(cotangent))  # type: ignore[no-untyped-call]
    assert p.grad is not None
    np.testing.assert_allclose(t.grad.numpy(), p.grad.numpy(), rtol=1e-13, atol=1e-13)


def test_a_median_of_an_even_number_is_between_two() -> None:
    t = leaf([4.0, 1.0, 3.0, 9.0])
    y = np.median(t)
    y.backward()
    assert y.item() == 3.5
    assert t.grad.numpy().tolist() == [0.5, 0, 0.5, 0]


@pytest.mark.parametrize("f", [np.median, lambda x, **kw: np.quantile(x, 0.3, **kw)])
def test_one_nan_makes_nan(f: Callable[..., Any]) -> None:
    t = leaf([[1.0, nan, 2.0], [1.0, 3.0, 2.0]])
    y = f(t, axis=1)
    assert np.isnan(y.numpy()).tolist() == [True, False]
    y.sum().backward()
    assert t.grad.numpy()[0].tolist() == [0, 0, 0]
    assert t.grad.numpy()[1].sum() == pytest.approx(1)


def test_a_quantile_at_an_element_does_not_look_at_the_next() -> None:
    """np.quantile multiplies the infinite gap to it by 0."""
    assert np.quantile(leaf([1.0, inf]), 0.0).item() == 1


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda t: np.quantile(t, 1.5), ValueError),
        (lambda t: np.percentile(t, 101), ValueError),
        (lambda t: np.quantile(t, 0.5, method="wrong"), ValueError),
        (lambda t: np.quantile(t, 0.5, weights=np.ones(3)), ValueError),
        (lambda t: np.quantile(t, 0.5, weights=-np.ones(3), method="inverted_cdf"), ValueError),
        (lambda t: np.quantile(t * 1j, 0.5), TypeError),
        (lambda t: np.quantile(t, t[0] / 10), MissingRuleError),
        (lambda t: np.quantile(t, 0.5, weights=t, method="inverted_cdf"), MissingRuleError),
        (lambda t: np.quantile(t[:0], 0.5), IndexError),
        (lambda t: np.median(t, axis=1), ValueError),
        (lambda t: np.sort(t[0]), ValueError),
        (lambda t: np.sort(t, order="x"), ValueError),
        (lambda t: np.partition(t, 3), ValueError),
    ],
)
def test_what_is_refused(call: Callable[[Any], Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        call(leaf([1.0, 2.0, 4.0]))


def test_integers_have_their_medians_and_orders() -> None:
    x = np.array([[3, 1, 2, 2]])
    for f in (np.sort, np.median, lambda x: np.quantile(x, 0.3), lambda x: np.quantile(x, 0.3, method="lower")):
        y = f(tensor(x))
        assert y.dtype == f(x).dtype
        np.testing.assert_array_equal(y.numpy(), f(x))


def test_sorting_twice_is_smooth_between_ties() -> None:
    check_grads(lambda x: autograd.sort(autograd.sort(x) ** 2), np.array([0.3, -1.0, 2.0, 0.9]), order=3)
