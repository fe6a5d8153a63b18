"""Derivatives far out, where the obvious formula cancels, underflows or overflows: against 60 digits and more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import erfc, exp, mpf, pi, sqrt
from numpy.typing import NDArray

from tapegrad import tensor
from tapegrad.autograd import pullback, special


def up(low: float, high: float, count: int = 30) -> NDArray[Any]:
    """From 10**low to 10**high."""
    return np.logspace(low, high, count)


def both(low: float, high: float) -> NDArray[Any]:
    return np.concatenate([-up(low, high), up(low, high)])


def hazard(x: Any) -> Any:
    """The derivative of ln Φ(x)."""
    return exp(-x * x / 2) / sqrt(2 * pi) / (erfc(-x / sqrt(2)) / 2)


def k_derivative(m: Any) -> Any:
    return (mpmath.ellipe(m) - (1 - m) * mpmath.ellipk(m)) / (2 * m * (1 - m))


DERIVATIVES: dict[str, tuple[NDArray[Any], Callable[[Any], Any]]] = {
    "erfcx": (np.append(-up(-6, 1), up(-6, 6)), lambda x: 2 * x * exp(x * x) * erfc(x) - 2 / sqrt(pi)),
    "dawsn": (both(-6, 2), lambda x: 1 - x * sqrt(pi) * exp(-x * x) * mpmath.erfi(x)),
    "log_ndtr": (np.append(-up(-6, 4), up(-6, 1.5)), hazard),
    "erfc": (np.append(-up(-6, 1), up(-6, 1.4)), lambda x: -2 / sqrt(pi) * exp(-x * x)),
    "expit": (both(-6, 2.8), lambda x: 1 / (1 + exp(x)) / (1 + exp(-x))),
    "log_expit": (both(-6, 2.8), lambda x: 1 / (1 + exp(x))),
    "exprel": (both(-8, 2.8), lambda x: (x * exp(x) - mpmath.expm1(x)) / x**2),
    "spence": (np.concatenate([up(-300, 300), 1 - up(-15, -0.1), 1 + up(-15, 1)]), lambda x: mpmath.log(x) / (1 - x)),
    "ellipk": (np.concatenate([1 - up(-15, -0.001), -up(-9, 4)]), k_derivative),
    "ellipkm1": (np.append(up(-200, -0.01), 1 + up(-9, 4)), lambda p: -k_derivative(1 - p)),
    "ellipe": (
        np.concatenate([1 - up(-15, -0.001), -up(-9, 4)]),
        lambda m: (mpmath.ellipe(m) - mpmath.ellipk(m)) / (2 * m),
    ),
    "i0e": (up(-6, 6), lambda x: (mpmath.besseli(1, x) - mpmath.besseli(0, x)) * exp(-x)),
    "i1e": (
        up(-6, 6),
        lambda x: ((mpmath.besseli(0, x) + mpmath.besseli(2, x)) / 2 - mpmath.besseli(1, x)) * exp(-x),
    ),
    "gammaln": (up(-6, 6), mpmath.digamma),
    "digamma": (up(-6, 6), lambda x: mpmath.polygamma(1, x)),
    "rgamma": (np.append(-np.arange(0, 12, 0.25), up(-6, 2)), lambda x: mpmath.diff(mpmath.rgamma, x)),
    "shichi": (both(-8, 2), lambda x: mpmath.sinh(x) / x),
    "sici": (both(-8, 4), lambda x: mpmath.sin(x) / x),
    "lambertw": (up(-300, 300), lambda z: 1 / (z + exp(mpmath.lambertw(z).real))),
    "wrightomega": (
        np.append(-up(-6, 2), up(-6, 2)),
        lambda x: mpmath.lambertw(exp(x)).real / (1 + mpmath.lambertw(exp(x)).real),
    ),
}


@pytest.mark.parametrize("name", DERIVATIVES)
def test_first_derivatives(name: str) -> None:
    points, derivative = DERIVATIVES[name]
    x = tensor(points, requires_grad=True)
    y = getattr(special, name)(x)
    y = y[0] if isinstance(y, tuple) else y
    (gradient,) = pullback([y.real.sum()], [x])
    with mpmath.workdps(300 if name == "ellipkm1" else 60 if name != "spence" else 320):
        expected = [float(derivative(mpf(float(point)))) for point in points]
    np.testing.assert_allclose(gradient.numpy(), expected, rtol=2e-13 if name == "dawsn" else 1e-13)


@pytest.mark.parametrize(
    ("name", "points", "second"),
    [
        ("log_ndtr", np.append(-up(-3, 4), up(-3, 1.5)), lambda x: -hazard(x) * (x + hazard(x))),
        (
            "erfcx",
            np.append(-up(-3, 1), up(-3, 4)),
            lambda x: (4 * x * x + 2) * exp(x * x) * erfc(x) - 4 * x / sqrt(pi),
        ),
        ("dawsn", both(-3, 2), lambda x: (2 * x * x - 1) * sqrt(pi) * exp(-x * x) * mpmath.erfi(x) - 2 * x),
    ],
)
def test_second_derivatives(name: str, points: NDArray[Any], second: Callable[[Any], Any]) -> None:
    x = tensor(points, requires_grad=True)
    (gradient,) = pullback([getattr(special, name)(x).sum()], [x], create_graph=True)
    (gradient,) = pullback([gradient.sum()], [x])
    with mpmath.workdps(60):
        expected = [float(second(mpf(float(point)))) for point in points]
    np.testing.assert_allclose(gradient.numpy(), expected, rtol=2e-11)


def test_inverses_undo_the_tails() -> None:
    """(f⁻¹)' (f(x)) f'(x) = 1, far out too."""
    pairs = [
        (special.log_ndtr, special.ndtri_exp, -up(-1, 3)),
        (special.ndtr, special.ndtri, np.linspace(-20, 4, 50)),
        (special.erfc, special.erfcinv, np.linspace(-3, 20, 50)),
        (special.erf, special.erfinv, np.linspace(-3, 3, 50)),
        (special.expit, special.logit, np.linspace(-300, 8, 50)),
    ]
    for f, inverse, points in pairs:
        x = tensor(points, requires_grad=True)
        (gradient,) = pullback([inverse(f(x)).sum()], [x])
        np.testing.assert_allclose(gradient.numpy(), 1, rtol=1e-9)
