"""Logarithms of weighted sums: signs, and what has no weight."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.special
from numpy import inf, nan

from tapegrad import Tensor, tensor
from tapegrad.autograd import pullback, special
from tapegrad.autograd.testing import check_grads


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


def test_logsumexp_with_weights() -> None:
    a, b = np.array([0.5, -1.0, 2.0]), np.array([2.0, -1.0, 0.5])
    check_grads(lambda a, b: special.logsumexp(a, b=b), a, b)
    check_grads(lambda a, b: special.logsumexp(a, b=b, return_sign=True)[0], a, -b)
    y, sign = special.logsumexp(leaf(a), b=leaf(-b), return_sign=True)
    assert (y.item(), sign.item()) == pytest.approx(scipy.special.logsumexp(a, b=-b, return_sign=True))
    assert np.isnan(special.logsumexp(leaf(a), b=-b).item())
    assert special.logsumexp(leaf(a), b=np.zeros(3)).item() == -inf


@pytest.mark.parametrize("masked", [inf, nan, 1e300, 5.0, -inf])
def test_what_has_no_weight_adds_nothing_to_a_logsumexp(masked: float) -> None:
    a, b = leaf([0.5, masked, 2.0]), leaf([1.0, 0.0, 1.0])
    y = special.logsumexp(a, b=b)
    without = leaf([0.5, 2.0])
    assert y.item() == pytest.approx(np.logaddexp(0.5, 2.0))
    (expected,) = pullback([special.logsumexp(without)], [without])
    (got,) = pullback([y], [a], retain_graph=True)
    np.testing.assert_allclose(got.numpy()[[0, 2]], expected.numpy())
    assert got.numpy()[1] == 0
    if masked in (5.0, -inf):  # the derivative by the weight itself is that of any weight
        (by_weight,) = pullback([y], [b])
        assert by_weight.numpy()[1] == pytest.approx(np.exp(masked - y.item()))
