"""Gradients where others give NaN, the wrong shape, or nothing: each right, documented, and without a warning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st
from numpy.typing import NDArray

from tapegrad import autograd, tensor
from tapegrad.autograd import DTypeError, grad
from tapegrad.autograd.testing import check_grads, strategies as draw

inf, nan = np.inf, np.nan
some = settings(max_examples=max(settings().max_examples // 4, 10))


def gradient(f: Callable[..., Any], *args: Any) -> list[Any]:
    """The gradients of f, summed, by all arguments: the same from the plain walk and from the recorded one."""
    xs = [tensor(np.asarray(x), requires_grad=True) for x in args]
    with np.errstate(all="ignore"):  # of the values: np.log(0) warns, and so does ours
        y = f(*xs).sum()
    plain = autograd.pullback([y], xs, retain_graph=True)
    recorded = autograd.pullback([y], xs, create_graph=True)
    for one, other in zip(plain, recorded, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
    return [g.numpy().tolist() for g in plain]


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (np.abs, 0.0, 0.0),
        (autograd.relu, 0.0, 0.0),
        (np.sinc, 0.0, 0.0),
        (np.std, [2.0, 2.0, 2.0], [0.0, 0.0, 0.0]),
        (np.std, [0.1, 0.1, 0.1], [0.0, 0.0, 0.0]),
        (np.std, [[0.7, 0.7], [0.1, 0.3]], None),
        (lambda x: np.std(x, axis=1), [[0.7, 0.7, 0.7], [1e8, 1e8, 1e8]], [[0.0] * 3] * 2),
        (np.prod, [2.0, 0.0, 3.0], [0.0, 6.0, 0.0]),
        (np.prod, [0.0, 2.0, 0.0], [0.0, 0.0, 0.0]),
        (np.prod, [0.0], [1.0]),
        (np.max, [1.0, 3.0, 3.0, 2.0], [0.0, 0.5, 0.5, 0.0]),
        (np.min, [[1.0, 1.0], [1.0, 1.0]], [[0.25, 0.25], [0.25, 0.25]]),
        (lambda x: np.max(x, axis=0), [[1.0, 2.0], [1.0, 0.0]], [[0.5, 1.0], [0.5, 0.0]]),
        (lambda x: np.maximum(x, x), 2.0, 1.0),
        (lambda x: np.minimum(x, x), 2.0, 1.0),
        (lambda x: np.clip(x, 0, 1), [-1.0, 0.5, 2.0], [0.0, 1.0, 0.0]),
        (lambda x: np.where(x > 0, np.sqrt(x), 0), [0.0, 4.0], [0.0, 0.25]),
        (lambda x: np.where(x > 0, np.sqrt(x), 0.0), [-1.0, 0.0], [0.0, 0.0]),
        (lambda x: np.where(x > 0, np.log(x), 0), [0.0, 2.0], [0.0, 0.5]),
        (lambda x: np.where(x > 0, np.log(x), 0), [-1.0, 2.0], [0.0, 0.5]),
        (lambda x: np.where(x != 0, 1 / x, 0), [0.0, 2.0], [0.0, -0.25]),
        (lambda x: np.where(x != 0, np.sin(x) / x, 1), 0.0, 0.0),
        (lambda x: np.where(x > 0, x**0.5, 0), [0.0, 4.0], [0.0, 0.25]),
        (lambda x: np.where(x > 0, x**-1.5, 0), [0.0, 1.0], [0.0, -1.5]),
        (lambda x: np.where(x > 0, np.cbrt(x), 0), [0.0, 1.0], [0.0, 1 / 3]),
        (lambda x: np.where(x < 1, np.arctanh(x), 0), [1.0, 0.0], [0.0, 1.0]),
        (lambda x: np.where(x < 1, np.arcsin(x), 0), [1.0, 0.0], [0.0, 1.0]),
        (lambda x: np.where(x > 1, np.arccosh(x), 0), [1.0], [0.0]),
        (lambda x: np.where(x > 0, np.log2(x) + np.log10(x) + np.log1p(x - 1), 0), [0.0], [0.0]),
        (lambda x: x**2, 0.0, 0.0),
        (lambda x: x**2.0, -3.0, -6.0),
        (lambda x: x**0, 0.0, 0.0),
        (lambda x: x**1, 0.0, 1.0),
        (lambda x: np.power(x, [3, 0]), [-2.0, -2.0], [12.0, 0.0]),
        (lambda x: 0.0**x, 2.0, 0.0),
        (autograd.logsumexp, [-inf, 0.0], [0.0, 1.0]),
        (autograd.logsumexp, [1000.0, 1000.0], [0.5, 0.5]),
        (autograd.logsumexp, [-inf, -inf], [0.5, 0.5]),
        (autograd.logsumexp, [inf, inf, inf, 0.0], [1 / 3, 1 / 3, 1 / 3, 0.0]),
        (lambda x: autograd.logsumexp(x, axis=1), [[-inf, -inf], [0.0, -inf]], [[0.5, 0.5], [1.0, 0.0]]),
        (autograd.softplus, [-1000.0, 0.0, 1000.0], [0.0, 0.5, 1.0]),
        (lambda x: np.log(autograd.sigmoid(x)), -40.0, 1.0),
        (lambda x: autograd.log_softmax(x)[0], [-1000.0, 0.0], [1.0, -1.0]),
        (lambda x: autograd.softmax(x)[0], [-1000.0, 0.0], [0.0, 0.0]),
        (np.nan_to_num, [nan, inf, -inf, 2.0], [0.0, 0.0, 0.0, 1.0]),
        (np.mean, np.zeros((0,)), []),
        (lambda x: np.max(x, axis=0), np.zeros((2, 0)), [[], []]),
        (np.max, [1.0, nan], [0.0, 0.0]),
        (np.floor, 2.0, 0.0),
        (np.sign, 0.0, 0.0),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Mean of empty slice")
def test_one_argument(f: Callable[..., Any], x: Any, expected: Any) -> None:
    (g,) = gradient(f, x)
    if expected is not None:
        assert g == pytest.approx(expected, abs=1e-15) if not isinstance(expected, list) else np.allclose(g, expected)


@pytest.mark.parametrize(
    ("f", "xs", "expected"),
    [
        (np.maximum, (1.0, 1.0), [0.5, 0.5]),
        (np.logaddexp, (-inf, -inf), [0.5, 0.5]),
        (np.hypot, (0.0, 0.0), [0.0, 0.0]),
        (np.arctan2, (0.0, 0.0), [0.0, 0.0]),
        (lambda x, y: np.where([True, False], x, y), ([[1.0], [2.0], [3.0]], 5.0), [[[1.0]] * 3, 3.0]),
        (lambda x, y: np.where(np.ones((3, 1), bool), x, y), (1.0, [1.0, 2.0]), [6.0, [0.0, 0.0]]),
        (lambda x, low: np.clip(x, low, None), ([-1.0, 2.0], 0.0), [[0.0, 1.0], 1.0]),
    ],
)
def test_two_arguments(f: Callable[..., Any], xs: tuple[Any, ...], expected: list[Any]) -> None:
    assert gradient(f, *xs) == expected


@given(draw.tied_arrays(draw.shapes(max_dims=2, max_side=4)))
@example(np.array([0.0, 2.0, 0.0, 3.0]))
@example(np.array([0.0, 0.0, 0.0]))
@example(np.array([5.0, 0.0, 1.0, 2.0, 4.0]))
@some
def test_prod_with_any_zeros_has_every_derivative(x: NDArray[Any]) -> None:
    """A product is a polynomial, smooth at its zeros."""
    check_grads(np.prod, x, order=3)
    if x.ndim:
        check_grads(lambda t: np.prod(t, axis=0), x)


@given(draw.tied_arrays(draw.shapes(min_side=1)), st.data())
def test_ties_share_equally_and_nothing_is_lost(x: NDArray[Any], data: st.DataObject) -> None:
    axis = data.draw(draw.axes(x.ndim))
    for f in (np.max, np.min):
        t = tensor(x, requires_grad=True)
        y = f(t, axis=axis, keepdims=True)
        y.sum().backward()
        assert t.grad is not None
        g = t.grad.numpy()
        np.testing.assert_allclose(g.sum(axis=axis, keepdims=True), np.ones(y.shape), rtol=1e-6)
        winners = x == y.numpy()
        assert (g[~winners] == 0).all()
        assert np.allclose(g, winners / winners.sum(axis=axis, keepdims=True))


@pytest.mark.parametrize("order", [2, 3])
def test_sinc_at_zero_has_every_derivative(order: int) -> None:
    check_grads(np.sinc, np.array([0.0, 1e-9, -1e-5, 1e-3, 0.3]), order=order)


def test_a_branch_that_is_not_taken_has_no_second_derivative_either() -> None:
    f = grad(lambda x: np.where(x > 0, np.sqrt(np.where(x > 0, x, 0)), 0).sum())
    g = grad(lambda x: np.where(x > 0, np.sqrt(x), 0).sum())
    for first in (f, g):
        second = grad(lambda x, first=first: first(x).sum())(np.array([0.0, 4.0]))
        assert second.numpy().tolist() == pytest.approx([0, -1 / 32])


def test_sinc_is_accurate_next_to_zero() -> None:
    x = np.array([1e-9, 1e-8, 1e-6, 1e-4])
    (g,) = gradient(np.sinc, x)
    assert g == pytest.approx(-(np.pi**2) / 3 * x, rel=1e-7)


@pytest.mark.parametrize("x", [3, True, np.array([1, 2]), [1, 2], np.array([True])])
def test_an_integer_has_no_gradient(x: Any) -> None:
    with pytest.raises(
        DTypeError, match=r"grad: argument 0(\[0\])? has dtype (int64|bool), .*write 1\.0 for 1, or convert"
    ):
        grad(lambda t: t.sum())(x)


def test_where_nothing_is_left_to_average_numpys_nan_comes_with_its_warning() -> None:
    x = tensor([1.0], requires_grad=True)
    with pytest.warns(RuntimeWarning) as caught:
        y = x.var(ddof=1)
    assert "Degrees of freedom <= 0" in str(caught[0].message)
    with pytest.warns(RuntimeWarning) as caught:
        y.backward()
    assert "divide by zero" in str(caught[0].message)
    assert x.grad is not None
    assert np.isnan(x.grad.numpy()).all()
