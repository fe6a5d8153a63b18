"""Initialisers that PyTorch has too, and schemes by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st

from tapegrad import nn
from tapegrad.autograd import ShapeError
from tapegrad.nn import init


def weight(*shape: int) -> nn.Parameter:
    return nn.Parameter(np.full(shape, np.nan), dtype=np.float64)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=4), st.sampled_from((1.0, 2.0)))
def test_orthogonal(shape: list[int], gain: float) -> None:
    values = init.orthogonal_(weight(*shape), gain, rng=rng()).numpy().reshape(shape[0], -1)
    product = values @ values.T if values.shape[0] <= values.shape[1] else values.T @ values
    np.testing.assert_allclose(product, gain**2 * np.eye(len(product)), atol=1e-12)


def test_orthogonal_matrices_favour_no_direction() -> None:
    traces = [np.trace(init.orthogonal_(weight(2, 2), rng=np.random.default_rng(i)).numpy()) for i in range(400)]
    assert abs(np.mean(traces)) < 0.2  # of q as LAPACK returns it, the diagonal of r is negative, and this is not 0


@given(st.integers(1, 3), st.integers(1, 5), st.integers(1, 5), st.integers(1, 3))
def test_dirac(axes: int, out: int, channels: int, groups: int) -> None:
    shape = (out * groups, channels, *range(2, 2 + axes))
    expected = torch.nn.init.dirac_(torch.empty(shape), groups).numpy()
    np.testing.assert_array_equal(init.dirac_(weight(*shape), groups).numpy(), expected)


def test_identity() -> None:
    np.testing.assert_array_equal(init.eye_(weight(2, 3)).numpy(), torch.nn.init.eye_(torch.empty(2, 3)).numpy())


@pytest.mark.parametrize(("mean", "std", "a", "b"), [(0, 1, -2, 2), (1, 0.5, -5, 1), (0, 3, 2, 7)])
def test_truncated_normal(mean: float, std: float, a: float, b: float) -> None:
    values = init.trunc_normal_(weight(300, 300), mean, std, a, b, rng=rng()).numpy()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        expected = torch.nn.init.trunc_normal_(torch.empty(300, 300), mean, std, a, b).numpy()
    assert a <= values.min() <= values.max() <= b
    spread = np.linspace(0.05, 0.95, 10)
    np.testing.assert_allclose(np.quantile(values, spread), np.quantile(expected, spread), atol=0.02 * std)


@pytest.mark.parametrize(("scheme", "std"), [(init.lecun_normal_, 0.05), (init.lecun_uniform_, 0.05)])
def test_lecun(scheme: Any, std: float) -> None:
    values = scheme(weight(300, 400), rng=rng()).numpy()
    assert values.std() == pytest.approx(std, rel=0.01)


@pytest.mark.parametrize("scheme", sorted(init.SCHEMES))
def test_every_scheme_by_name(scheme: str) -> None:
    options = {"value": 0.5} if scheme == "constant" else {}
    model = nn.Sequential(nn.Conv2d(2, 4, 3) if scheme == "dirac" else nn.Linear(2, 4), nn.LeakyReLU())
    assert init.initialize_(model, scheme, seed=1, **options) is model
    first = model.state_dict()
    assert (first["0.bias"] == 0).all()
    again = init.initialize_(model, scheme, seed=1, **options).state_dict()
    np.testing.assert_array_equal(again["0.weight"], first["0.weight"])
    assert np.isfinite(first["0.weight"]).all()


def test_other_seeds_other_weights() -> None:
    one, other = (init.initialize_(nn.Linear(3, 3), "he_normal", seed=i).weight.numpy() for i in (0, 1))
    assert (one != other).all()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: init.initialize_(nn.Linear(2, 2), "he_norml"), ValueError, "did you mean 'he_normal'"),
        (lambda: init.initialize_(nn.Linear(2, 2), "?"), ValueError, "there are constant, dirac"),
        (lambda: init.eye_(weight(2, 2, 2)), ShapeError, "eye_: expected a matrix"),
        (lambda: init.orthogonal_(weight(2)), ShapeError, "orthogonal_: expected two axes or more"),
        (lambda: init.dirac_(weight(2, 2)), ShapeError, "dirac_: expected the weight of a convolution"),
        (lambda: init.dirac_(weight(3, 2, 2), 2), ValueError, "dirac_: 2 groups do not divide 3"),
        (lambda: init.trunc_normal_(weight(2), a=1, b=1), ValueError, "expected a < b"),
        (lambda: init.trunc_normal_(weight(2), a=9, b=10), ValueError, "hardly any number"),
    ],
)
def test_errors(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()
