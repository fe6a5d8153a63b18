"""Activations against their formulas in NumPy, and their derivatives against differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd.testing import check_grads

Array: TypeAlias = Any


def elu(x: Array, alpha: float) -> Array:
    return np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))


def softmax(x: Array, axis: int) -> Array:
    return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


FORMULAS: list[tuple[nn.Module, Callable[[Array], Array]]] = [
    (nn.ReLU(), lambda x: np.maximum(x, 0)),
    (nn.ReLU6(), lambda x: np.minimum(np.maximum(x, 0), 6)),
    (nn.LeakyReLU(), lambda x: np.where(x > 0, x, 0.01 * x)),
    (nn.LeakyReLU(0.3), lambda x: np.where(x > 0, x, 0.3 * x)),
    (nn.ELU(), lambda x: elu(x, 1.0)),
    (nn.ELU(0.5), lambda x: elu(x, 0.5)),
    (nn.SELU(), lambda x: 1.0507009873554805 * elu(x, 1.6732632423543772)),
    (nn.Sigmoid(), lambda x: 1 / (1 + np.exp(-x))),
    (nn.Softplus(), lambda x: np.log(1 + np.exp(x))),
    (nn.Tanh(), lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))),
    (nn.Softmax(), lambda x: softmax(x, -1)),
    (nn.Softmax(0), lambda x: softmax(x, 0)),
    (nn.LogSoftmax(), lambda x: np.log(softmax(x, -1))),
    (nn.LogSoftmax(0), lambda x: np.log(softmax(x, 0))),
]
MODULES = [module for module, _ in FORMULAS]
X = np.array([[-8.0, -2.5, -0.3, -1e-3, 1e-3], [0.7, 1.9, 5.5, 6.5, 9.0]])  # no kink within a step of the differences


@pytest.mark.parametrize(("module", "formula"), FORMULAS, ids=map(repr, MODULES))
def test_values(module: nn.Module, formula: Callable[[Array], Array]) -> None:
    np.testing.assert_allclose(module(tg.tensor(X)).numpy(), formula(X), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("module", MODULES, ids=repr)
def test_derivatives(module: nn.Module) -> None:
    check_grads(module, X, step=5e-4)


@pytest.mark.parametrize("module", MODULES, ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_out_nothing_overflows_and_the_dtype_stays(module: nn.Module, dtype: Any) -> None:
    x = tg.tensor(np.array([[-1e4, -100, 0, 100, 1e4]], dtype), requires_grad=True)

    y = module(x)
    y.sum().backward()

    assert y.dtype == dtype
    assert np.isfinite(y.numpy()).all()
    assert x.grad is not None
    assert x.grad.dtype == dtype
    assert np.isfinite(x.grad.numpy()).all()


@pytest.mark.parametrize("module", MODULES, ids=repr)
def test_nothing_to_train_and_nothing_to_say_but_the_options(module: nn.Module) -> None:
    assert list(module.parameters()) == []
    assert repr(module).startswith(f"{type(module).__name__}(")
    for name, value in vars(module).items():
        assert f"{name}={value}" in repr(module)
