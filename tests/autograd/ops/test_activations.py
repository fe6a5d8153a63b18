"""Activations against their formulas, and their derivatives of two orders against differences."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special
from hypothesis import given

from tapegrad import autograd, tensor
from tapegrad.autograd import DTypeError, ShapeError
from tapegrad.autograd.ops import activations
from tapegrad.autograd.testing import check_operation, strategies as draw
from tapegrad.autograd.testing.strategies import Domain

AWAY = Domain(-6, 6, away_from=(-3, -1, -0.5, 0, 0.5, 1, 3))
FORMULAS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "celu": (lambda x, a: np.where(x > 0, x, a * np.expm1(np.minimum(x, 0) / a)), (2.0,)),
    "gelu": (lambda x: x * scipy.special.ndtr(x), ()),
    "hard_sigmoid": (lambda x: np.clip(x / 6 + 0.5, 0, 1), ()),
    "hard_swish": (lambda x: x * np.clip(x / 6 + 0.5, 0, 1), ()),
    "hard_tanh": (lambda x: np.clip(x, -1, 1), ()),
    "hardshrink": (lambda x, c: np.where(abs(x) > c, x, 0 * x), (0.5,)),
    "log_sigmoid": (lambda x: -np.logaddexp(0 * x, -x), ()),
    "mish": (lambda x: x * np.tanh(np.logaddexp(0 * x, x)), ()),
    "silu": (lambda x: x * scipy.special.expit(x), ()),
    "softshrink": (lambda x, c: np.sign(x) * np.maximum(abs(x) - c, 0), (0.5,)),
    "softsign": (lambda x: x / (1 + abs(x)), ()),
    "tanhshrink": (lambda x: x - np.tanh(x), ()),
    "threshold": (lambda x, t, v: np.where(x > t, x, x.dtype.type(v)), (0.5, 2.0)),
}


def test_all_of_the_family_are_here() -> None:
    assert {*FORMULAS, "glu"} == set(activations.__all__)


@pytest.mark.parametrize("name", FORMULAS)
@given(x=draw.arrays(domain=AWAY))
def test_formulas(name: str, x: Any) -> None:
    formula, options = FORMULAS[name]
    check_operation(lambda t: getattr(autograd, name)(t, *options), x, reference=lambda x: formula(x, *options))


@given(x=draw.arrays())
def test_the_approximation_by_tanh(x: Any) -> None:
    def formula(x: Any) -> Any:
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))

    check_operation(lambda t: autograd.gelu(t, "tanh"), x, reference=formula)
    np.testing.assert_allclose(autograd.gelu(tensor(x), "tanh").numpy(), autograd.gelu(tensor(x)).numpy(), atol=2e-3)


@pytest.mark.parametrize("axis", [0, -1])
def test_gates_of_halves(axis: int) -> None:
    x = np.random.default_rng(0).normal(size=(4, 6))
    a, b = np.split(x, 2, axis)
    check_operation(lambda t: autograd.glu(t, axis), x, reference=lambda _: a * scipy.special.expit(b))


@pytest.mark.parametrize(
    ("name", "x", "gradient"),
    [
        ("hard_tanh", 1.0, 0.0),
        ("hard_tanh", -1.0, 0.0),
        ("softsign", 0.0, 1.0),
        ("hardshrink", 0.5, 0.0),
        ("celu", 0.0, 1.0),
    ],
)
def test_at_kinks(name: str, x: float, gradient: float) -> None:
    assert autograd.grad(getattr(autograd, name))(x).item() == gradient


@pytest.mark.parametrize("name", [name for name in FORMULAS if name != "threshold"])
def test_far_out(name: str) -> None:
    x = np.array([-1e4, -800.0, 800.0, 1e4])
    t = tensor(x, requires_grad=True)
    getattr(autograd, name)(t).sum().backward()
    assert t.grad is not None
    assert np.isfinite(t.grad.numpy()).all()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: autograd.glu(x), ShapeError, r"glu: axis -1 must have an even size, got shape \(3,\)"),
        (lambda x: autograd.gelu(x, "erf"), ValueError, "gelu: approximate must be 'none' or 'tanh', got 'erf'"),
        (lambda x: autograd.gelu(x * 1j), DTypeError, "gelu: expected a real tensor, got complex128"),
        (lambda x: autograd.softshrink(x, -1), ValueError, "softshrink: lambd must not be negative"),
    ],
)
def test_bad_input(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call(tensor([1.0, 2.0, 3.0]))
