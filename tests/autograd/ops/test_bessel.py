"""NumPy's Bessel function, wherever it does not overflow."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from tapegrad import tensor
from tapegrad.autograd import grad, pullback


@pytest.mark.parametrize("x", [1e-12, 0.01, 1.0, 7.9, 8.1, 30.0, 300.0, 700.0])
def test_derivatives_of_every_order(x: float) -> None:
    """Against 40 digits; those of even order are even functions, those of odd order odd ones."""
    f = np.i0
    for order in range(1, 5):
        f = grad(f)
        with mpmath.workdps(40):
            expected = float(mpmath.besseli(0, mpmath.mpf(x), derivative=order))
        assert f(x).item() == pytest.approx(expected, rel=1e-13)
        assert f(-x).item() == pytest.approx((-1) ** order * expected, rel=1e-13)


def test_at_zero() -> None:
    """I₀(x) = 1 + x²/4 + x⁴/64 + ..."""
    f, expected = np.i0, [0, 1 / 2, 0, 3 / 8]
    for value in expected:
        f = grad(f)
        assert f(0.0).item() == pytest.approx(value, rel=1e-14)


def test_single_precision_stays() -> None:
    x = tensor(np.array([0.5, -80.0], np.float32), requires_grad=True)
    y = np.i0(x)
    (gradient,) = pullback([y.sum()], [x])
    assert y.dtype == gradient.dtype == np.float32
    np.testing.assert_allclose(gradient.numpy(), [float(mpmath.besseli(1, 0.5)), -float(mpmath.besseli(1, 80))], 1e-4)
