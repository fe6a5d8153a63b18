"""The incomplete gamma function by its shape, which SciPy knows no derivative of."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
from numpy import inf

from tapegrad import Tensor, tensor
from tapegrad.autograd import MissingRuleError, grad, pullback, special
from tapegrad.autograd.testing import check_grads


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


@pytest.mark.parametrize("name", ["gammainc", "gammaincc", "gammaincinv", "gammainccinv"])
def test_the_shape_of_a_gamma_distribution_has_a_first_derivative(name: str) -> None:
    a, x = leaf(np.array([0.3, 1.0, 2.7, 8.0])), leaf(np.array([0.5, 0.2, 0.9, 0.6]))
    check_grads(getattr(special, name), a.numpy(), x.numpy(), order=1)
    (gradient,) = pullback([getattr(special, name)(a, x).sum()], [a], create_graph=True)
    with pytest.raises(
        MissingRuleError, match=r"special\.gammainc has no derivative by its argument a \(a second time\)"
    ):
        pullback([gradient.sum()], [a])


@pytest.mark.parametrize("a", [0.001, 0.5, 1.0, 20.0, 1000.0])
def test_the_derivative_by_shape_in_the_tails(a: float) -> None:
    for x in (1e-6 * a, 0.1 * a, a, a + 0.99, a + 1.01, 1.3 * a + 2, 4 * a + 30):
        with mpmath.workdps(40):
            upper = x > a + 1
            expected = float(
                mpmath.diff(
                    lambda s, x=x, upper=upper: mpmath.gammainc(s, *((x,) if upper else (0, x)), regularized=True), a
                )
            )
        gradient = grad(lambda t, x=x: (special.gammaincc if x > a + 1 else special.gammainc)(t, x))(a).item()
        assert gradient == pytest.approx(expected, rel=2e-12)
    for x in (0.0, inf):
        assert grad(lambda t, x=x: special.gammainc(t, x))(a).item() == 0
