"""A hundred steps of each optimizer beside its formula, written out in NumPy as the paper has it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn
from tapegrad.nn.optim import SGD, Adam, Optimizer

Array: TypeAlias = Any
Step: TypeAlias = Callable[[Array, Array], Array]
STEPS = 100
SHAPES = [(4, 3), (3,), ()]


def sgd(lr: float, momentum: float, weight_decay: float, nesterov: bool) -> Step:
    """Sutskever et al. 2013, in PyTorch's form."""
    velocity: Any = 0

    def step(p: Array, g: Array) -> Array:
        nonlocal velocity
        g = g + weight_decay * p
        velocity = momentum * velocity + g
        direction = g + momentum * velocity if nesterov else velocity
        return p - lr * direction

    return step


def adam(lr: float, betas: tuple[float, float], eps: float, weight_decay: float) -> Step:
    """Kingma and Ba 2015, algorithm 1, with L2 decay."""
    m: Any = 0
    v: Any = 0
    t = 0

    def step(p: Array, g: Array) -> Array:
        nonlocal m, v, t
        t += 1
        g = g + weight_decay * p
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        unbiased_m = m / (1 - betas[0] ** t)
        unbiased_v = v / (1 - betas[1] ** t)
        return p - lr * unbiased_m / (np.sqrt(unbiased_v) + eps)

    return step


def gradient(p: Array) -> Array:
    """Of Σ (p - 1)⁴ / 4 + sin 3p."""
    return (p - 1) ** 3 + 3 * np.cos(3 * p)


def loss(p: tg.Tensor) -> Any:
    return ((p - 1.0) ** 4).sum() * 0.25 + np.sin(3.0 * p).sum()


def compare(make: Callable[[list[tg.Tensor]], Optimizer], formula: Callable[[], Step], dtype: Any, rtol: float) -> None:
    rng = np.random.default_rng(0)
    starts = [rng.normal(size=shape) for shape in SHAPES]
    tensors: list[tg.Tensor] = [nn.Parameter(start, dtype=dtype) for start in starts]
    arrays = [np.asarray(t.numpy(), np.float64) for t in tensors]
    optimizer = make(tensors)
    steps = [formula() for _ in starts]
    for _ in range(STEPS):
        optimizer.zero_grad()
        for t in tensors:
            loss(t).backward()
        optimizer.step()
        arrays = [step(p, gradient(p)) for step, p in zip(steps, arrays, strict=True)]
        for t, p in zip(tensors, arrays, strict=True):
            np.testing.assert_allclose(t.numpy(), p, rtol=rtol, atol=rtol)


DTYPES = [(np.float64, 1e-12), (np.float32, 1e-4)]


@pytest.mark.parametrize(("dtype", "rtol"), DTYPES)
@pytest.mark.parametrize(
    ("momentum", "weight_decay", "nesterov"),
    [case for case in itertools.product([0.0, 0.9], [0.0, 0.01], [False, True]) if case[0] or not case[2]],
)
def test_sgd(momentum: float, weight_decay: float, nesterov: bool, dtype: Any, rtol: float) -> None:
    options = {"lr": 0.01, "momentum": momentum, "weight_decay": weight_decay, "nesterov": nesterov}

    compare(lambda p: SGD(p, **options), lambda: sgd(**options), dtype, rtol)  # type: ignore[arg-type]


@pytest.mark.parametrize(("dtype", "rtol"), DTYPES)
@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.5, 0.6), (0.0, 0.0)])
@pytest.mark.parametrize("eps", [1e-8, 0.1])
@pytest.mark.parametrize("weight_decay", [0.0, 0.01])
def test_adam(betas: tuple[float, float], eps: float, weight_decay: float, dtype: Any, rtol: float) -> None:
    options = {"lr": 0.003, "betas": betas, "eps": eps, "weight_decay": weight_decay}

    compare(lambda p: Adam(p, **options), lambda: adam(**options), dtype, rtol)  # type: ignore[arg-type]


def test_adam_trains_a_complex_parameter_as_two_real_ones() -> None:
    start = np.array([1 + 2j, -3 + 0.5j])
    both = tg.tensor(start, requires_grad=True)
    real, imag = (tg.tensor(part, requires_grad=True) for part in (start.real, start.imag))
    optimizers = [Adam([both], 0.1), Adam([real, imag], 0.1)]

    for _ in range(20):
        for optimizer in optimizers:
            optimizer.zero_grad()
        (both.real**4 + both.imag**2).sum().backward()
        (real**4 + imag**2).sum().backward()
        for optimizer in optimizers:
            optimizer.step()

    np.testing.assert_allclose(both.numpy(), real.numpy() + 1j * imag.numpy(), rtol=1e-12)


def test_a_schedule_takes_effect_at_once() -> None:
    p = nn.Parameter(2.0, dtype=np.float64)
    optimizer = SGD([p], lr=1.0)
    for lr in (0.5, 0.25):
        optimizer.zero_grad()
        (p * 1.0).backward()
        optimizer.lr = lr
        optimizer.step()

    assert p.item() == 2 - 0.5 - 0.25
