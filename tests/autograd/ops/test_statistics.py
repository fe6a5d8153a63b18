"""Spread at equal elements, weights, covariance, differences, integrals, and functions given at points."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
import torch
from scipy import integrate, interpolate, signal

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import MissingRuleError
from tapegrad.autograd.testing import check_adjoint, check_grads

np: Any = import_module("numpy")  # its annotations know nothing of tensors
inf = np.inf


def leaf(x: Any) -> Any:
    return tensor(x, requires_grad=True)


@pytest.mark.parametrize("value", [2.0, 0.1, 1e8 + 0.7])
@pytest.mark.parametrize(
    "options", [{}, {"where": [True, True, False]}, {"ddof": 1, "where": np.ones(3, bool)}, {"correction": 1}]
)
def test_the_deviation_of_equal_elements_has_gradient_zero(value: float, options: dict[str, Any]) -> None:
    for f in (np.std, np.nanstd):
        x = leaf([value] * 3)
        f(x, **options).backward()
        np.testing.assert_allclose(x.grad.numpy(), 0, atol=1e-12)


def test_a_mean_that_is_given_has_its_gradient() -> None:
    x, m = np.array([[1.0, 2.0, 4.0], [0.5, -1.0, 3.0]]), np.array([[2.0], [1.0]])
    for f in (autograd.var, autograd.std, autograd.nanvar, autograd.nanstd):
        check_grads(lambda x, m, f=f: f(x, axis=1, mean=m, ddof=1), x, m)


def test_correction_and_ddof_are_one() -> None:
    with pytest.raises(ValueError, match="two names for one thing"):
        autograd.var(leaf([1.0, 2.0]), ddof=1, correction=1)


@pytest.mark.parametrize("returned", [False, True])
def test_averages_of_constant_weights(returned: bool) -> None:
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    for weights in (None, np.array([1.0, 3.0])):
        expected = np.average(x, 0, weights, returned)
        got = np.average(leaf(x), 0, weights, returned)
        for a, b in zip(expected, got, strict=True) if returned else [(expected, got)]:
            assert isinstance(b, Tensor)
            np.testing.assert_allclose(b.numpy(), a)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda t: np.average(t, weights=[1.0, -1.0, 0.0]), ZeroDivisionError),
        (lambda t: np.average(t, weights=[1.0, 1.0]), TypeError),
        (lambda t: np.average(t, axis=0, weights=[1.0, 1.0]), ValueError),
        (lambda t: np.cov(t, fweights=[1.5, 1, 1]), TypeError),
        (lambda t: np.cov(t, aweights=[-1.0, 1, 1]), ValueError),
        (lambda t: np.cov(t, aweights=[1.0, 1]), RuntimeError),
        (lambda t: np.cov(t.reshape(3, 1, 1)), ValueError),
        (lambda t: np.gradient(t, np.ones(2)), ValueError),
        (lambda t: np.gradient(t, 1.0, 2.0), TypeError),
        (lambda t: np.gradient(t, edge_order=3), ValueError),
        (lambda t: np.gradient(t[:1]), ValueError),
        (lambda t: np.diff(t, -1), ValueError),
        (lambda t: np.diff(t[0]), ValueError),
        (lambda t: np.ediff1d(t, to_end=1j), TypeError),
        (lambda t: np.convolve(t, t, "wrong"), ValueError),
        (lambda t: np.convolve(t, t[:0]), ValueError),
        (lambda t: np.interp(1.0, t, t[:2]), ValueError),
        (lambda t: np.interp(1.0, t, t, period=0), ValueError),
        (lambda t: np.bincount([0, 1], t), ValueError),
        (lambda t: np.bincount([0, -1, 1], t), ValueError),
        (lambda t: np.bincount([0, 1, 1], t * 1j), TypeError),
        (lambda t: np.histogram(t), MissingRuleError),
        (lambda t: np.histogram([1.0, 2.0, 3.0], weights=t), MissingRuleError),
        (lambda t: np.histogramdd([t, t]), MissingRuleError),
    ],
)
def test_what_is_refused(call: Callable[[Any], Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        call(leaf([1.0, 2.0, 4.0]))


def test_histograms_of_what_is_not_tracked() -> None:
    x = np.array([1.0, 2.0, 2.5, 4.0])
    for f in (np.histogram, np.histogram_bin_edges, lambda x: np.histogram2d(x, x)):
        got, expected = f(tensor(x)), f(x)
        for one, other in zip(got, expected, strict=True) if isinstance(expected, tuple) else [(got, expected)]:
            np.testing.assert_array_equal(one.numpy(), other)


def test_covariance_and_correlation_are_pytorchs() -> None:
    x = np.random.default_rng(0).normal(size=(3, 6))
    cotangent = np.arange(9.0).reshape(3, 3)
    for ours, theirs in ((np.cov, torch.cov), (np.corrcoef, torch.corrcoef)):
        t, p = leaf(x), torch.tensor(x, requires_grad=True)
        ours(t).backward(cotangent)
        theirs(p).backward(torch.tensor(cotangent))  # type: ignore[no-untyped-call]
        assert p.grad is not None
        np.testing.assert_allclose(t.grad.numpy(), p.grad.numpy(), rtol=1e-11, atol=1e-12)


def test_weights_of_observations_have_their_gradient() -> None:
    x, w = np.random.default_rng(1).normal(size=(2, 5)), np.array([1.0, 0.5, 2.0, 1.0, 0.3])
    check_grads(lambda x, w: autograd.cov(x, aweights=w), x, w)


def test_rounding_beyond_one_is_cut_off_and_not_differentiated() -> None:
    row = np.random.default_rng(0).normal(size=5)
    x = np.array([row, 3 * row])  # without the cut, these correlate by more than 1
    assert np.corrcoef(leaf(x)).numpy().max() == np.corrcoef(x).max() == 1
    check_grads(autograd.corrcoef, x + np.array([[0.0] * 5, [1e-3, 0, 0, 0, 0]]))


def test_a_number_in_the_middle_does_not_spoil_its_own_difference() -> None:
    for spacing in (1.0, np.arange(5.0)):
        y = np.gradient(leaf([1.0, 2.0, np.nan, 3.0, 7.0]), spacing)
        assert np.isnan(y.numpy()).tolist() == [False, True, False, True, False]


def test_spacings_and_coordinates_have_their_gradients() -> None:
    f, x = np.random.default_rng(2).normal(size=(5, 4)), np.array([0.0, 1.0, 2.0, 3.0])
    for order in (1, 2):
        check_grads(lambda f, x, order=order: autograd.gradient(f, x, axis=1, edge_order=order), f, x)
        check_grads(lambda f, h, order=order: autograd.gradient(f, h, axis=0, edge_order=order), f, np.array(0.7))
    check_grads(lambda y, x: autograd.trapezoid(y, x), f, x)
    check_grads(lambda y, h: autograd.trapezoid(y, dx=h, axis=0), f, np.array(0.7))


def test_the_trapezoidal_rule_is_scipys() -> None:
    y, x = np.random.default_rng(3).normal(size=(3, 5)), np.cumsum(np.ones(5)) ** 1.5
    np.testing.assert_allclose(np.trapezoid(leaf(y), x).numpy(), integrate.trapezoid(y, x))


def transposed(f: Callable[[Any], Any], like: tuple[int, ...]) -> Callable[[Any], Any]:
    """The adjoint of a linear function, column by column of its matrix."""
    units = np.eye(int(np.prod(like))).reshape(-1, *like)
    columns = np.array([f(unit).ravel() for unit in units])
    return lambda y: (columns @ y.ravel()).reshape(like)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.diff(x, 2, axis=0), lambda x: np.ediff1d(x), lambda x: np.trapezoid(x, axis=0),
        lambda x: np.convolve(x.reshape(-1), [1.0, -2.0, 0.5]),
        lambda x: np.correlate(x.reshape(-1), [1.0, 3.0], "same"),
        lambda x: np.gradient(x, 0.5, axis=1, edge_order=2), lambda x: np.bincount([1, 0, 3] * 4, x.reshape(-1)),
        lambda x: np.interp([0.5, 7.25], np.arange(12.0), x.reshape(-1)),
    ],
)  # fmt: skip
def test_the_rule_of_what_is_linear_is_its_adjoint(f: Callable[[Any], Any]) -> None:
    shape = (4, 3)

    def pulled(y: Any) -> Any:
        x = leaf(np.zeros(shape))
        f(x).backward(y)
        return x.grad.numpy()

    check_adjoint(f, pulled, np.ones(shape))
    y = np.random.default_rng(0).normal(size=f(np.zeros(shape)).shape)
    np.testing.assert_allclose(pulled(y), transposed(f, shape)(y), atol=1e-13)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize(("n", "m"), [(5, 3), (3, 5), (4, 4), (6, 1), (2, 5), (1, 1)])
def test_convolution_and_correlation_are_scipys(mode: str, n: int, m: int) -> None:
    rng = np.random.default_rng(n + 10 * m)
    a, v = (rng.normal(size=k) + 1j * rng.normal(size=k) for k in (n, m))
    if mode == "full":
        np.testing.assert_allclose(np.correlate(leaf(a), v, mode).numpy(), signal.correlate(a, v, mode), atol=1e-13)
    np.testing.assert_allclose(np.convolve(a, leaf(v), mode).numpy(), np.convolve(a, v, mode), atol=1e-13)
    np.testing.assert_allclose(np.correlate(a, leaf(v), mode).numpy(), np.correlate(a, v, mode), atol=1e-13)
    check_grads(lambda a, v: autograd.correlate(a, v, mode), a, v)


def test_all_arguments_of_interpolation_have_gradients() -> None:
    rng = np.random.default_rng(4)
    x, xp, fp = rng.uniform(-1, 5, (2, 3)), np.array([0.0, 1.0, 2.5, 4.0]), rng.normal(size=4)
    check_grads(autograd.interp, x, xp, fp)
    check_grads(lambda x, xp, fp: autograd.interp(x, xp, fp, period=5.5), x, xp, fp)
    check_grads(lambda x, xp, fp, low, high: autograd.interp(x, xp, fp, low, high), x, xp, fp, 2.0, np.array(3.0))
    spline = interpolate.make_interp_spline(xp, fp, 1)
    inside = leaf(rng.uniform(0.1, 3.9, 7))
    np.interp(inside, xp, fp).sum().backward()
    np.testing.assert_allclose(inside.grad.numpy(), spline.derivative()(inside.numpy()))


def test_the_slope_at_a_point_is_that_to_the_right() -> None:
    x = leaf([0.0, 1.0, 3.0, -1.0, 4.0])
    np.interp(x, [0.0, 1.0, 3.0], [0.0, 2.0, 3.0]).sum().backward()
    assert x.grad.numpy().tolist() == [2, 0.5, 0, 0, 0]


def test_points_in_one_place_and_at_infinity_are_numpys() -> None:
    x = np.array([0.0, 0.5, 1.0])
    for xp, fp in (([0.0, 0.0, 1.0, 1.0], [1.0, 2.0, 3.0, 4.0]), ([0.0, 1.0], [inf, inf]), ([0.5], [2.0])):
        t = leaf(x)
        y = np.interp(t, xp, leaf(fp))
        np.testing.assert_array_equal(y.numpy(), np.interp(x, xp, fp))
