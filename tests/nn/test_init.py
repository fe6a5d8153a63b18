"""Initialisers: bounds and variances from the papers' formulas, seeds, dtypes, fans, errors."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import ShapeError
from tapegrad.nn import init

LARGE = (300, 500)  # (out, in): 150,000 elements, so that a standard deviation is known to 0.2 %


def filled(initialise: Callable[..., Any], shape: tuple[int, ...] = LARGE, seed: int = 0, **options: Any) -> Any:
    """The values that an initialiser gives a float64 parameter."""
    parameter = nn.Parameter(np.full(shape, np.nan), dtype=np.float64)
    returned = initialise(parameter, **options, rng=np.random.default_rng(seed))
    assert returned is parameter
    return parameter.numpy()


def close(value: float, expected: float) -> bool:
    return abs(value - expected) <= 0.01 * expected


UNIFORM = [
    (init.uniform_, {"low": -2.0, "high": 3.0}, -2.0, 3.0),
    (init.xavier_uniform_, {}, -math.sqrt(6 / 800), math.sqrt(6 / 800)),
    (init.xavier_uniform_, {"gain": 2.0}, -2 * math.sqrt(6 / 800), 2 * math.sqrt(6 / 800)),
    (init.kaiming_uniform_, {}, -math.sqrt(6 / 500), math.sqrt(6 / 500)),
    (init.kaiming_uniform_, {"mode": "fan_out"}, -math.sqrt(6 / 300), math.sqrt(6 / 300)),
    (init.kaiming_uniform_, {"a": math.sqrt(5)}, -1 / math.sqrt(500), 1 / math.sqrt(500)),
    (init.kaiming_uniform_, {"nonlinearity": "linear"}, -math.sqrt(3 / 500), math.sqrt(3 / 500)),
]


@pytest.mark.parametrize(("initialise", "options", "low", "high"), UNIFORM)
def test_uniform(initialise: Callable[..., Any], options: dict[str, Any], low: float, high: float) -> None:
    values = filled(initialise, **options)

    assert low <= values.min() < low + 0.001 * (high - low)
    assert high - 0.001 * (high - low) < values.max() <= high
    assert close(values.std(), (high - low) / math.sqrt(12))
    assert abs(values.mean() - (low + high) / 2) < 0.005 * (high - low)


NORMAL = [
    (init.normal_, {"mean": 0.0, "std": 0.3}, 0.3),
    (init.xavier_normal_, {}, math.sqrt(2 / 800)),
    (init.xavier_normal_, {"gain": 3.0}, 3 * math.sqrt(2 / 800)),
    (init.kaiming_normal_, {"nonlinearity": "relu"}, math.sqrt(2 / 500)),
    (init.kaiming_normal_, {"nonlinearity": "relu", "mode": "fan_out"}, math.sqrt(2 / 300)),
    (init.kaiming_normal_, {"a": 0.5}, math.sqrt(2 / 1.25 / 500)),
]


@pytest.mark.parametrize(("initialise", "options", "std"), NORMAL)
def test_normal(initialise: Callable[..., Any], options: dict[str, Any], std: float) -> None:
    values = filled(initialise, **options)

    assert close(values.std(), std)
    assert abs(values.mean()) < 0.02 * std
    assert close(
        float(np.mean(np.abs(values) < std)), math.erf(1 / math.sqrt(2))
    )  # as many within one std as in a bell


def test_normal_around_a_mean() -> None:
    assert close(filled(init.normal_, mean=5.0, std=1.0).mean(), 5.0)


def test_a_kernels_elements_count_into_its_fans() -> None:
    shape = (40, 30, 5, 3)

    assert close(filled(init.kaiming_normal_, shape).std(), math.sqrt(2 / (30 * 15)))
    assert close(filled(init.kaiming_normal_, shape, mode="fan_out").std(), math.sqrt(2 / (40 * 15)))
    assert close(filled(init.xavier_normal_, shape).std(), math.sqrt(2 / (70 * 15)))


@pytest.mark.parametrize(("initialise", "value"), [(init.zeros_, 0), (init.ones_, 1)])
def test_zeros_and_ones(initialise: Callable[[Any], Any], value: float) -> None:
    parameter = nn.Parameter(np.full((2, 3), 7.0))

    assert initialise(parameter) is parameter
    np.testing.assert_array_equal(parameter.numpy(), np.full((2, 3), value))


def test_constant() -> None:
    np.testing.assert_array_equal(init.constant_(nn.Parameter(np.zeros(3)), 2.5).numpy(), [2.5] * 3)


@pytest.mark.parametrize("initialise", [entry[0] for entry in UNIFORM[:2] + NORMAL[:2]])
def test_a_seed_repeats_the_values(initialise: Callable[..., Any]) -> None:
    first = filled(initialise, (3, 4), seed=5)

    np.testing.assert_array_equal(filled(initialise, (3, 4), seed=5), first)
    assert not np.array_equal(filled(initialise, (3, 4), seed=6), first)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_stays(dtype: Any) -> None:
    parameter = nn.Parameter(np.zeros((3, 4)), dtype=dtype)

    for initialise in (init.uniform_, init.normal_, init.xavier_uniform_, init.kaiming_normal_, init.ones_):
        assert initialise(parameter).dtype == dtype


def test_float32_and_float64_start_from_the_same_numbers() -> None:
    single, double = (nn.Linear(3, 2, dtype=t, rng=np.random.default_rng(1)).weight for t in (np.float32, np.float64))

    np.testing.assert_array_equal(single.numpy(), double.numpy().astype(np.float32))


def test_a_graph_keeps_the_old_values() -> None:
    parameter = nn.Parameter(np.full(2, 3.0))
    y = (parameter * parameter).sum()

    init.zeros_(parameter)
    y.backward()

    assert parameter.grad is not None
    np.testing.assert_array_equal(parameter.grad.numpy(), [6, 6])


def test_gains() -> None:
    gains = {
        "linear": 1, "sigmoid": 1, "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 3 / 4,
        "leaky_relu": math.sqrt(2 / (1 + 0.01**2)),
    }  # fmt: skip

    assert {name: init.calculate_gain(name) for name in gains} == gains
    assert init.calculate_gain("leaky_relu", 1.0) == 1


@pytest.mark.parametrize(
    "initialise", [init.xavier_uniform_, init.xavier_normal_, init.kaiming_uniform_, init.kaiming_normal_]
)
def test_a_vector_has_no_fans(initialise: Callable[[Any], Any]) -> None:
    with pytest.raises(ShapeError, match=r"2 axes or more, \(out, in, \.\.\.\); got \(5,\)"):
        initialise(nn.Parameter(np.zeros(5)))


def test_unknown_names_are_told_what_there_is() -> None:
    weight = nn.Parameter(np.zeros((2, 2)))

    with pytest.raises(ValueError, match=r"no nonlinearity 'relux'; there are linear, .*leaky_relu"):
        init.kaiming_normal_(weight, nonlinearity="relux")
    with pytest.raises(ValueError, match=r"mode must be 'fan_in' or 'fan_out', got 'fan'"):
        init.kaiming_uniform_(weight, mode="fan")


def test_integers_are_refused() -> None:
    counts = tg.tensor([1, 2])

    with pytest.raises(TypeError):
        init.normal_(counts)
    np.testing.assert_array_equal(counts.numpy(), [1, 2])
