from __future__ import annotations

import numpy as np
import pytest

from tapegrad.autograd.testing.differences import STEP, derivative_at_zero


@pytest.mark.parametrize(
    ("function", "derivative"),
    [
        (lambda h: np.exp(h), 1.0),
        (lambda h: np.sin(1 + h), np.cos(1)),
        (lambda h: np.log(0.1 + h), 10.0),
        (lambda h: 1 / (1 + h) ** 3, -3.0),
        (lambda h: 1000.0, 0.0),
    ],
)
def test_good_to_ten_digits_and_knows_it(function: object, derivative: float) -> None:
    assert callable(function)
    value, unsure = derivative_at_zero(function)
    assert value == pytest.approx(derivative, rel=1e-10, abs=1e-10)
    assert unsure < 1e-8 * (1 + abs(derivative))


def test_polynomials_up_to_the_sixth_degree_are_exact_but_for_rounding() -> None:
    value, _ = derivative_at_zero(lambda h: 7 * h - h**2 + 5 * h**3 + h**4 - 2 * h**5 + h**6, step=0.5)
    assert value == pytest.approx(7, rel=1e-14)


def test_a_kink_makes_it_unsure() -> None:
    _, unsure = derivative_at_zero(lambda h: abs(h - STEP / 3))
    assert unsure > 1e-3
