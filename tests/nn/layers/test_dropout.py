"""Dropout: how many are dropped, what becomes of the others, and when nothing happens."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import DTypeError, ShapeError
from tapegrad.nn import functional as F


@pytest.mark.parametrize("p", [0.1, 0.25, 0.5, 0.9])
def test_statistics(p: float) -> None:
    n = 100_000
    y = F.dropout(tg.tensor(np.ones(n)), p, rng=np.random.default_rng(1)).numpy()

    assert abs(np.mean(y == 0) - p) < 4 * np.sqrt(p * (1 - p) / n)  # four standard deviations
    np.testing.assert_allclose(np.unique(y), [0, 1 / (1 - p)], rtol=1e-12)


def test_elements_are_dropped_independently() -> None:
    y = F.dropout(tg.tensor(np.ones((500, 400))), 0.5, rng=np.random.default_rng(1)).numpy() / 2

    assert np.abs(y.mean(axis=0) - 0.5).max() < 0.15
    assert np.abs(y.mean(axis=1) - 0.5).max() < 0.15
    assert abs(np.corrcoef(y[:, :-1].ravel(), y[:, 1:].ravel())[0, 1]) < 0.01


def test_the_gradient_is_dropped_and_scaled_alike() -> None:
    x = tg.tensor(np.full(50, 3.0), requires_grad=True)
    y = nn.Dropout(0.4)(x)
    y.sum().backward()

    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), y.numpy() / 3, rtol=1e-12)


def test_p_0_changes_nothing() -> None:
    x = tg.tensor(np.ones(100))

    assert nn.Dropout(0)(x) is x


def test_p_1_leaves_nothing() -> None:
    x = tg.tensor(np.ones(100), requires_grad=True)
    y = nn.Dropout(1)(x)
    y.sum().backward()

    assert not y.numpy().any()
    assert x.grad is not None
    assert not x.grad.numpy().any()


def test_evaluation_changes_nothing() -> None:
    x = tg.tensor(np.ones(100))
    layer = nn.Dropout(0.5).eval()

    assert layer(x) is x
    assert not np.array_equal(layer.train()(x).numpy(), x.numpy())


def test_each_call_drops_others_and_a_seed_repeats_them() -> None:
    x = tg.tensor(np.ones(100))
    layer = nn.Dropout()
    nn.manual_seed(0)
    first, second = layer(x).numpy(), layer(x).numpy()
    nn.manual_seed(0)

    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(layer(x).numpy(), first)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("p", [0.3, 1])
def test_dtype_stays(dtype: Any, p: float) -> None:
    assert F.dropout(tg.tensor(np.ones(5), dtype=dtype), p).dtype == dtype


@pytest.mark.parametrize("p", [-0.1, 1.1, np.nan])
def test_p_is_a_probability(p: float) -> None:
    with pytest.raises(ValueError, match="p is a probability, got"):
        nn.Dropout(p)
    with pytest.raises(ValueError, match="p is a probability, got"):
        F.dropout(tg.tensor([1.0]), p)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.bool_])
def test_integers_cannot_be_scaled(dtype: Any) -> None:
    with pytest.raises(DTypeError, match="expected a floating or complex tensor, got"):
        nn.Dropout(0.25)(tg.tensor([1, 2, 3], dtype=dtype))


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("batch", [(), (50,)])
def test_whole_channels_are_dropped(axes: int, batch: tuple[int, ...]) -> None:
    layer = getattr(nn, f"Dropout{axes}d")(0.25)
    x = tg.tensor(np.ones((*batch, 40, *(2,) * axes)))
    y = layer(x).numpy()
    channels = y.reshape(*batch, 40, -1)

    assert set(np.unique(y)) == {0, 1 / 0.75}
    np.testing.assert_array_equal(channels, channels[..., :1].repeat(2**axes, -1))
    assert layer.eval()(x) is x
    assert repr(layer) == f"Dropout{axes}d(p=0.25)"
    with pytest.raises(ShapeError, match=f"dropout{axes}d: expected {axes + 1} or {axes + 2} axes"):
        layer.train()(tg.tensor(np.ones(5)))


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    x = np.random.default_rng(0).normal(size=100_000)
    nn.manual_seed(0)
    y = nn.AlphaDropout(0.3)(tg.tensor(x)).numpy()

    assert abs(y.mean()) < 0.02
    assert abs(y.std() - 1) < 0.02
    with pytest.raises(ValueError, match="AlphaDropout: p is a probability, got 2"):
        nn.AlphaDropout(2)
