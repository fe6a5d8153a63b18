"""polyfit against NumPy's, with all it returns, and against differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tapegrad import tensor
from tapegrad.autograd.testing import check_grads
from tapegrad.autograd.trees import leaves

rng = np.random.default_rng(0)
X = np.linspace(-1, 2, 7)
Y = np.sin(X) + 0.1 * rng.normal(size=7)
W = rng.uniform(0.5, 2, 7)


def leaf(x: Any) -> Any:  # for what NumPy's stubs do not know
    return tensor(x, requires_grad=True)


@pytest.mark.parametrize("y", [Y, np.stack([Y, Y**2], 1)])
@pytest.mark.parametrize(
    "options",
    [{}, {"w": W}, {"rcond": 1e-3}, {"full": True}, {"cov": True}, {"cov": "unscaled", "w": W}],
)
def test_values_and_gradients(y: Any, options: dict[str, Any]) -> None:
    polyfit: Any = np.polyfit
    got, expected = polyfit(leaf(X), leaf(y), 2, **options), polyfit(X, y, 2, **options)
    for one, other in zip(leaves(got), leaves(expected), strict=True):
        np.testing.assert_allclose(np.asarray(getattr(one, "detach", lambda one=one: one)()), other, rtol=1e-9)
    assert all(part.requires_grad for part in (leaves(got)[:2] if "full" not in options else leaves(got)[:1]))
    check_grads(lambda a, b: leaves(polyfit(a, b, 2, **options))[: 1 + ("cov" in options)], X, y)


def test_weights_have_a_gradient() -> None:
    check_grads(lambda w: np.polyfit(X, Y, 1, w=w), W)


def test_too_little_is_said_as_numpy_says_it() -> None:
    polyfit: Any = np.polyfit
    with pytest.warns(np.exceptions.RankWarning, match="poorly conditioned"):
        polyfit(leaf(np.ones(3)), Y[:3], 1)
    with pytest.raises(ValueError, match="deg >= 0"):
        polyfit(leaf(X), Y, -1)
    with pytest.raises(ValueError, match="needs more than 3 points"):
        polyfit(leaf(X[:3]), Y[:3], 2, cov=True)
    for x, y, w in ((X[:0], Y[:0], None), (X, Y[:3], None), (X[None], Y, None), (X, Y, W[:2])):
        with pytest.raises(TypeError, match=r"polyfit: expected"):
            polyfit(leaf(x), leaf(y), 1, w=w)
